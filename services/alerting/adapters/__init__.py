"""Alerting's SQL and channels."""
