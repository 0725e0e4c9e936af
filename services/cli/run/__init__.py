"""`accesswatch run`: everything in one command."""
