"""Every command on real servers."""
