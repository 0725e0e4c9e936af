"""Files that end in the middle, or whose packing is damaged."""


class DamagedError(OSError):
    """No more can be read.

    An `OSError`, for libraries take an `EOFError` as the end that they expect.
    """
