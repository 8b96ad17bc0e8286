"""What an app needs of its stack, as its owner declares it in ``needs.py``."""

from components.needs.collector import FunctionCollector
from components.needs.needs import Needs

__all__ = ["FunctionCollector", "Needs"]
