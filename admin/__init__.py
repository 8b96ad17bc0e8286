"""What the operator of a stack does by hand, with credentials of their own; nothing of it runs in Lambda."""
