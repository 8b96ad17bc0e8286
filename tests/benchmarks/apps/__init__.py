"""The same server four times: one tool, ``add``, or as many as the variable ``TOOLS`` says."""
