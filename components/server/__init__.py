"""The server as one component: its arguments, what it declares, and how it is offered to other programs."""
