"""The interactive login: what happens in the browser of a user, from ``/authorize`` to the code."""
