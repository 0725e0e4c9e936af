"""Compares what the extractor finds with what a careful reader annotated."""
