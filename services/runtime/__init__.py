"""Plumbing without business words, shared by every service."""
