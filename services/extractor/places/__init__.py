"""The table of the world's towns, and what makes it."""
