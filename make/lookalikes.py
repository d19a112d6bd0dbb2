"""Makes the tables of libs/common/lookalikes again.

    python make/lookalikes.py CONFUSABLES.json Scripts.txt

CONFUSABLES.json is the file confusables.json of the package confusable-homoglyphs on PyPI (MIT,
version 3.3.1), which is Unicode's confusables.txt with both directions of every line. Scripts.txt
is that of the Unicode Character Database; Debian has it in the package unicode-data (15.0.0).
"""

import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parents[1] / "libs/common/lookalikes"

LICENCE = """\
# Made by make/lookalikes.py from data of the Unicode Consortium, of which this is a part in another
# form. Copyright 1991-2023 Unicode, Inc., https://www.unicode.org/license.txt
"""

CONFUSABLES = """\
# What one character is taken for: the character, a space, and its prototype (UTS #39, version
# 15.1). Only characters that a name in compatibility form (NFKC) can hold.
"""

SCRIPTS = """\
# Which script a character belongs to (UAX #24, version 15.0): the first code point, and the script
# of all that follow up to the next line, unassigned ones in between included.
"""


def main(confusables: Path, scripts: Path) -> None:
    rows = sorted(prototypes(json.loads(confusables.read_text("utf-8"))))
    table = "".join(f"{character} {prototype}\n" for character, prototype in rows)
    (HERE / "confusables.txt").write_text(LICENCE + CONFUSABLES + table, "utf-8")
    starts = "".join(f"{first:X} {script}\n" for first, script in script_starts(scripts))
    (HERE / "scripts.txt").write_text(LICENCE + SCRIPTS + starts, "utf-8")


def prototypes(neighbours: Mapping[str, list[dict[str, str]]]) -> Iterator[tuple[str, str]]:
    """Yield each character with its prototype, which is what stands on the most lines.

    Every group of the file is a star: one prototype, and characters that are taken for it and for
    nothing else. Of two that are only taken for each other it is the longer one, or the one that
    stands in longer prototypes.
    """
    lines = Counter({name: len(others) for name, others in neighbours.items()})
    parts = Counter(part for name in neighbours if len(name) > 1 for part in name)

    def rank(name: str) -> tuple[int, int, int, str]:
        return lines[name], len(name), parts[name], name

    for character, others in neighbours.items():
        prototype = others[0]["c"]
        if len(others) == 1 and rank(prototype) > rank(character):
            stable = unicodedata.normalize("NFKC", character) == character
            if stable and len(character) == 1 and not character.isspace():
                yield character, prototype


def script_starts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the first code point of each run of one script."""
    ranges = []
    for line in file.read_text("utf-8").splitlines():
        fields = line.partition("#")[0].split(";")
        if len(fields) == 2:
            ranges.append((int(fields[0].partition("..")[0], 16), fields[1].strip()))
    before = ""
    for first, script in sorted(ranges):
        if script != before:
            yield first, script
        before = script


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
