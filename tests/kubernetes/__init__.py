"""accesswatch on a real cluster: `make test-kubernetes`."""
