"""Connections that this server opens to other servers, safe from server-side request forgery (SSRF)."""
