"""Alarms, a dashboard, and the topic that alarms go to: one file for each question about a running stack."""
