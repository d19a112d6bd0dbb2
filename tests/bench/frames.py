"""Frames of WebSockets as cheap as they get in Python: for one client that is a thousand people.

Knows what our gateways send and nothing more: whole frames, unmasked, with nothing compressed.
See: RFC 6455, section 5.2.
"""

from dataclasses import dataclass
from typing import Final

TEXT: Final = 1
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10

LAST: Final = 0x80
MASKED: Final = 0x80
NO_MASK: Final = bytes(4)
"""A mask that changes nothing: it protects proxies from scripts of browsers, and there are none."""

NUMBER_CHARS: Final = 9
MESSAGE: Final = b'{"type":"message",'
ACK: Final = b'"type":"ack"'
ERROR: Final = b'"type":"error"'
ID: Final = b'"client_msg_id":"'
REF: Final = b'"ref":"'

Found = tuple[int, int, int]
"""The opcode of a frame, and where its payload begins and ends."""


class BrokenFrame(ValueError):
    """A server sent what ours never send."""


def cut(data: bytes) -> tuple[list[Found], int]:
    """Return the whole frames in `data`, and where what is left of it begins.

    Raises: BrokenFrame.
    """
    found: list[Found] = []
    at, size = 0, len(data)
    while size - at >= 2:
        length = data[at + 1]
        start = at + 2
        if length == 126:
            start += 2
            if size < start:
                break
            length = data[at + 2] << 8 | data[at + 3]
        elif length == 127:
            start += 8
            if size < start:
                break
            length = int.from_bytes(data[at + 2 : start])
        elif length > 127:
            raise BrokenFrame("a frame of a server has no mask")
        end = start + length
        if size < end:
            break
        if data[at] & 0xF0 != LAST:
            raise BrokenFrame("our frames come whole and uncompressed")
        found.append((data[at] & 0x0F, start, end))
        at = end
    return found, at


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return a client's frame."""
    size = len(payload)
    if size < 126:
        head = bytes((LAST | opcode, MASKED | size))
    elif size < 65_536:
        head = bytes((LAST | opcode, MASKED | 126)) + size.to_bytes(2)
    else:
        head = bytes((LAST | opcode, MASKED | 127)) + size.to_bytes(8)
    return head + NO_MASK + payload


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one person says again and again, made once but for its number: nobody may say the very
    same so often.
    """

    before: bytes
    between: bytes
    within: bytes
    after: bytes

    @classmethod
    def of(cls, room_id: str, content: str) -> "Sentence":
        """Return the `send_message` of a room, which ends with its number."""
        hole = "#" * NUMBER_CHARS
        before, between, within, after = masked(
            f'{{"type":"send_message","ref":"{hole}","data":{{"room_id":"{room_id}",'
            f'"client_msg_id":"{hole}","content":"{content}{hole}"}}}}'.encode()
        ).split(hole.encode())
        return cls(before, between, within, after)

    def numbered(self, number: int) -> bytes:
        """Return the frame."""
        digits = b"%09d" % number
        return b"".join(
            (self.before, digits, self.between, digits, self.within, digits, self.after)
        )


def number_after(mark: bytes, data: bytes, start: int, end: int) -> int:
    """Return the number that stands last behind `mark`, -1 when there is none."""
    place = data.rfind(mark, start, end)
    digits = data[place + len(mark) : place + len(mark) + NUMBER_CHARS]
    return int(digits) if place >= 0 and digits.isdigit() else -1
