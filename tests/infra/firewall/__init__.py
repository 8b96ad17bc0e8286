"""Tests of the web firewall."""
