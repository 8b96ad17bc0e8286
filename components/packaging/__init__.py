"""What goes into the archive of a function."""
