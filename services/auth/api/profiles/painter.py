"""The program that draws one picture: an upload on its standard input, what becomes of it on its
output. It may use so much memory and time and no more, and what breaks it breaks nothing else.

    python -m services.auth.api.profiles.painter
"""

import resource
import sys
from typing import Final

from services.auth.core.painting import drawn
from services.auth.core.pictures import LENGTH_BYTES, Ending, NotAPicture, TooManyPixels

MAX_MEMORY_BYTES: Final = 1 << 30
"""Of addresses: a decoded picture, what becomes of it, Python and the decoders."""

MAX_CPU_S: Final = 10


def main() -> Ending:
    """Draw; return how it ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        made = drawn(sys.stdin.buffer.read())
    except TooManyPixels:
        return Ending.TOO_MANY_PIXELS
    except NotAPicture:
        return Ending.NOT_A_PICTURE
    sys.stdout.buffer.write(len(made.small).to_bytes(LENGTH_BYTES) + made.small + made.large)
    return Ending.DRAWN


if __name__ == "__main__":
    raise SystemExit(main())
