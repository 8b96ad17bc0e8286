"""Print the tables of docs/scaling.md: ``python -m tests.heat``."""

import sys

from tests.heat.report import report

sys.stdout.write(report())
