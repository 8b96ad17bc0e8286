"""The interactive login: what happens in the browser of a person, from ``/authorize`` to the code."""
