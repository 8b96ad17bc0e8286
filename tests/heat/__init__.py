"""A simulation of which items and partitions of the table are hot, with the real stores and their keys."""
