"""People who log in: black-box tests with a person at a browser."""
