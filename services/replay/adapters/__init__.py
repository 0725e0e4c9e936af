"""What replays read from and write to."""
