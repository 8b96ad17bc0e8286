"""The command ``cost``: the monthly bill of a stack for a workload, and the quota that gives way first."""
