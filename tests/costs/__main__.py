"""Print what the handlers do as JSON: ``python -m tests.costs > admin/cost/measured.json``."""

import json
import sys

from tests.costs.measure import measure

sys.stdout.write(json.dumps(measure(), indent=2) + "\n")
