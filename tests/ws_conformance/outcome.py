"""What came of the cases: a table by category, and whether that is what is known and explained."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

CATEGORIES: Final = {
    "1": "framing",
    "2": "pings and pongs",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragmentation",
    "6": "UTF-8",
    "7": "close",
    "9": "large messages, many messages",
    "10": "automatic fragmentation",
    "12": "compression, different payloads",
    "13": "compression, different parameters",
}

PASSED: Final = "passed"
NON_STRICT: Final = "non-strict"
INFORMATIONAL: Final = "informational"
NOT_OFFERED: Final = "not negotiated"
FAILED: Final = "failed"

VERDICTS: Final = (PASSED, NON_STRICT, INFORMATIONAL, NOT_OFFERED, FAILED)

WORDS: Final = {
    "OK": PASSED,
    "NON-STRICT": NON_STRICT,
    "INFORMATIONAL": INFORMATIONAL,
    "UNIMPLEMENTED": NOT_OFFERED,
}
"""The suite's words. All others are failures, as are all ends of a connection but a good one."""

SMALL_WINDOW: Final = (
    "The client demands that the server deflates within a window of 512 bytes. One deflated message"
    " is shared by all clients, so there is one window, the largest; the offer is passed over and"
    " the connection goes on uncompressed, which RFC 7692 section 7.1.2.1 leaves to the server."
)
CHOPPED: Final = (
    "The text stops being UTF-8 in the middle of a frame whose rest has not come. The socket says"
    " so when the frame is whole (1007): it reads by frames, of which the largest has 64 KB."
)

EXPLAINED: Final = {
    "6.4.3": CHOPPED,
    "6.4.4": CHOPPED,
    "13.3": SMALL_WINDOW,
    "13.5": SMALL_WINDOW,
}
"""Cases, or whole groups, that are neither passed nor only informational, and why that is right."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case."""

    case: str
    verdict: str
    said: str

    @staticmethod
    def of(case: str, *, behavior: str, close: str, said: str) -> "Outcome":
        """Take the suite's two verdicts, on what was said and on the end, as one."""
        is_good_end = close in ("OK", "INFORMATIONAL")
        return Outcome(case, WORDS.get(behavior, FAILED) if is_good_end else FAILED, said)

    @property
    def group(self) -> str:
        """Return the part of EXPLAINED that speaks of this case; empty if there is none."""
        return next((name for name in EXPLAINED if f"{self.case}.".startswith(f"{name}.")), "")


def table(outcomes: Collection[Outcome]) -> str:
    """Return the counts by category, as a table of Markdown."""
    counts = Counter((one.case.partition(".")[0], one.verdict) for one in outcomes)
    sums = Counter(one.verdict for one in outcomes)
    rows = [
        _row(number, what, [counts[number, verdict] for verdict in VERDICTS])
        for number, what in CATEGORIES.items()
    ]
    rows.append(_row("", "all", [sums[verdict] for verdict in VERDICTS]))
    head = ["", "category", "cases", *VERDICTS]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _row(number: str, what: str, counts: Sequence[int]) -> list[str]:
    return [number, what, str(sum(counts)), *map(str, counts)]


def unexplained(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a line for each failure, each verdict that nobody explained, and each explanation that
    is no longer needed.
    """
    needed = set()
    for one in outcomes:
        if one.verdict in (NON_STRICT, NOT_OFFERED):
            needed.add(one.group)
        if one.verdict == FAILED or (one.verdict in (NON_STRICT, NOT_OFFERED) and not one.group):
            yield f"{one.case} {one.verdict}: {one.said}"
    for name in sorted(EXPLAINED.keys() - needed):
        yield f"{name} is explained and needs it no more"
