"""What the extractor knows and decides: pure functions, no I/O."""
