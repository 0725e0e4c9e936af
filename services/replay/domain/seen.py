"""What came lately: a message that comes twice counts once."""

REMEMBERED = 100_000
"""Keys of messages that are remembered: about 20 MB. Messages that come twice come close together,
since it is a producer's second try or a consumer's second reading that doubles them."""


class Seen:
    """Remembers the last keys.

    Args:
        most: how many.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._keys: dict[tuple[str, ...], None] = {}

    def again(self, *key: str) -> bool:
        """Tell whether a key is remembered; it is from then on."""
        if key in self._keys:
            return True
        self._keys[key] = None
        if len(self._keys) > self._most:
            del self._keys[next(iter(self._keys))]
        return False
