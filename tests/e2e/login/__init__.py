"""Users who log in: black-box tests with a user at a browser."""
