"""The cases of the Autobahn test suite, carried over from Python 2.

The suite is written for Python 2, where a text is a row of bytes. Here each of its texts becomes
one of the characters 0 to 255, so that its code goes on to mean bytes; `fuzzer.py` turns them into
bytes where they meet the network. Only the cases are taken: who runs and reports them is ours.
"""

import re
import shutil
import tarfile
from pathlib import Path
from typing import Final

NAME: Final = "autobahntestsuite"

SHIM: Final = '''"""What the cases want of bytes, for texts that stand for bytes."""

from autobahn.websocket.utf8validator import Utf8Validator as Validator
import binascii


def hexlify(text):
    return binascii.hexlify(text if isinstance(text, bytes) else text.encode("latin-1")).decode()


b2a_hex = hexlify


class Utf8Validator:
    def __init__(self):
        self._validator = Validator()

    def reset(self):
        self._validator.reset()

    def validate(self, text):
        return self._validator.validate(text.encode("latin-1"))
'''

CHANGES: Final = (
    (r"^# coding=utf-8$", ""),
    (r"^from (case\w*) import ", r"from .\1 import "),
    (r"^import binascii$", "from . import shim as binascii"),
    (r"^import copy, os, pkg_resources, hashlib, binascii$", "import copy, os, hashlib, binascii"),
    (r"^from autobahn\.websocket\.utf8validator import ", "from .shim import "),
    (r"\bxrange\(", "range("),
    (r"^( *)print$", r"\1print()"),
    (r"^( *)print (.+)$", r"\1print(\2)"),
    # Two texts are equal when they are, not only when they are one object in one place.
    (r"pickle\.dumps\(obj1\) == pickle\.dumps\(obj2\)", "obj1 == obj2"),
    (r"\(object, Case, \)", "(Case,)"),
    (r"len\(self\.payload\) / self\.p\.", "len(self.payload) // self.p."),
    (r"pkg_resources\.resource_filename\(\"autobahntestsuite\", ", "os.path.join(HERE, "),
    (r"^MSG_SIZES = \[$", "HERE = os.path.dirname(os.path.dirname(__file__))\nMSG_SIZES = ["),
    (r"\b(accept|request)NoContextTakeover\b", r"\1_no_context_takeover"),
    (r"\b(accept|request)MaxWindowBits\b", r"\1_max_window_bits"),
)

LEFT_OUT: Final = "case9_9_1"
"""Not in the suite's own list of cases either; it wants another package."""


def unpack(archive: Path, into: Path) -> None:
    """Write the cases as a package that Python 3 can import, and the texts that they send."""
    shutil.rmtree(into, ignore_errors=True)
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    [root] = into.iterdir()
    package = into / NAME
    shutil.move(root / NAME / "case", package / "case")
    shutil.move(root / NAME / "testdata", package / "testdata")
    shutil.rmtree(root)
    _carry_over(package / "case")
    (package / "__init__.py").write_text("")
    (package / "case" / "shim.py").write_text(SHIM)


def _carry_over(cases: Path) -> None:
    """Change what Python 3 reads differently; each change has to be needed somewhere."""
    needed = set()
    for path in cases.glob("*.py"):
        text = path.read_bytes().decode("latin-1").replace("\r\n", "\n")
        for at, (old, new) in enumerate(CHANGES):
            text, count = re.subn(old, new, text, flags=re.MULTILINE)
            needed.update([at] if count else [])
        text = text.replace(f"from .{LEFT_OUT} import *\n", "")
        path.write_text(text, encoding="utf-8")
    if len(needed) < len(CHANGES):
        raise ValueError(f"no longer in the suite: {set(range(len(CHANGES))) - needed}")
