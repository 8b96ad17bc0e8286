"""Commands for the operator of a stack. They use the operator's credentials and do not run in Lambda."""
