"""Is everything where it should be? Counts each step and names what is missing."""
