"""Documents that other servers publish: keys of clients, metadata documents."""
