"""What the extractor touches: files and worker processes."""
