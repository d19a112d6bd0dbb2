"""Whether this machine can draw what people write on the pictures."""

import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

NEEDED: Final = {"und-zsye": "emoji", "ja": "Japanese", "ar": "Arabic", "hi": "Hindi"}
"""By what fontconfig calls it."""


def missing() -> Iterator[str]:
    """Name what would be drawn as empty boxes; nothing where that cannot be asked."""
    program = shutil.which("fc-list")
    for language, name in NEEDED.items() if program else ():
        found = subprocess.run(
            [program or "", f":lang={language}"], capture_output=True, check=True
        )
        if not found.stdout:
            yield name
