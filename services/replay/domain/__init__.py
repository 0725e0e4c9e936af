"""Rules of replays. Pure."""
