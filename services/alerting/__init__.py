"""Statements in; stored, matched against subscriptions, and delivered as alerts."""
