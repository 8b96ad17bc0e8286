"""Lambda entry points: each puts its function together and hands the event on."""
