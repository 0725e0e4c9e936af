"""History sent through the system again: replays, imports, and what they would change."""
