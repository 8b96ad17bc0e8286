"""The pages that users see."""
