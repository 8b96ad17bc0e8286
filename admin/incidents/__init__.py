"""Commands for incidents and for users who leave: who has access to what, and how to end it."""
