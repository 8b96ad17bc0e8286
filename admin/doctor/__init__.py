"""``python -m admin doctor``: looks at a deployed server from outside, as each client would."""
