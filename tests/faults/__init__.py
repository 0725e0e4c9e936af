"""What happens when things break: on real servers, seeded, repeatable."""
