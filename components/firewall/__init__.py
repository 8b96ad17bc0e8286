"""The web firewall: what it looks for, what it lets pass, and what it answers."""
