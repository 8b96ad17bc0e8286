"""Tests of the rules of the policy pack."""
