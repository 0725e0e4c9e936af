"""`accesswatch replay`: history sent through again."""
