"""Polls feeds and publishes each new revision of their articles."""
