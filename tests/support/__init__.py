"""What tests share: clients, keys, servers and users."""
