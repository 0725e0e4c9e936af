"""The services of accesswatch."""
