"""What is stored, as plain records, and the protocols of the stores that keep them."""
