"""A made-up outlet on loopback, so that a first run has something to show.

Its articles are written for this purpose. They restate the kind of thing that is said about
humanitarian access; nobody is to be quoted from them.
"""
