"""The texts of a client that were read and not yet obeyed, because others wait for their answer."""


class Unread:
    """In the order in which they came. When it is full, nothing more is to be read."""

    __slots__ = ("_bytes", "_max_bytes", "_max_texts", "_texts")

    def __init__(self, *, max_texts: int, max_bytes: int) -> None:
        self._max_texts = max_texts
        self._max_bytes = max_bytes
        self._texts: list[bytes] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def is_full(self) -> bool:
        """Tell whether a bound is passed: by what came in one piece with the last that fitted."""
        return len(self._texts) > self._max_texts or self._bytes > self._max_bytes

    def add(self, raw: bytes) -> None:
        self._texts.append(raw)
        self._bytes += len(raw)

    def take(self) -> bytes:
        """Return the oldest; there is one."""
        raw = self._texts.pop(0)
        self._bytes -= len(raw)
        return raw
