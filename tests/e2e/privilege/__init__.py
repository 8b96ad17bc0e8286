"""The proof that each permission of each function is needed, and that none is missing or too wide."""
