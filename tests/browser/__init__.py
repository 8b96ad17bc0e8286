"""The pages that users see, in a real browser."""
