"""What the poller knows of feeds, entries and articles, without any input or output."""
