"""Makes text messages out of the frames in which they come, mostly one."""

import codecs
from typing import Final

UTF_8: Final = codecs.getincrementaldecoder("utf-8")


class Fragments:
    """What has come of one message. Empty frames leave nothing behind: of those there may be many.

    The library bounds the sum of all frames of a message.
    """

    __slots__ = ("_begun", "_text")

    def __init__(self) -> None:
        # Made when a message comes in parts: few ever do, and there are many connections.
        self._begun: bytearray | None = None
        self._text: codecs.IncrementalDecoder | None = None

    def add(self, part: bytes, *, is_last: bool) -> bytes | None:
        """Take the next frame; return the whole message if that was the last one.

        Raises: UnicodeDecodeError, as soon as it shows that the message is not UTF-8.
        """
        if self._begun is None or self._text is None:
            if is_last:
                part.decode()
                return part
            self._begun, self._text = bytearray(), UTF_8()
        self._text.decode(part, is_last)
        self._begun += part
        if not is_last:
            return None
        whole, self._begun, self._text = bytes(self._begun), None, None
        return whole
