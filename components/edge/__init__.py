"""What stands between clients and the API: one file for each kind of edge, and what they share."""
