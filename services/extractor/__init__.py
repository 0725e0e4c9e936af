"""Articles in, humanitarian-access statements out."""
