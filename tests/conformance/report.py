"""What a run found: a table for a terminal or for a document, and the same for programs."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from tests.conformance.clause import WAYS, Clause
from tests.conformance.runner import Outcome, Verdict

NOT_MEANT: Final = "-"
"""What stands where a clause does not apply to a way."""

SENTENCE: Final = 72
HEAD: Final = ("clause", "sentence", *WAYS, "seconds")

Row = tuple[str, str, str, str, str]


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the table, and below it what failed and what was skipped, with the reasons."""
    lines = [f"{'':5} {'':{SENTENCE}} {'socket':8} {'poll':8} seconds"]
    for number, sentence, socket, poll, seconds in _rows(outcomes):
        short = sentence if len(sentence) <= SENTENCE else f"{sentence[: SENTENCE - 3]}..."
        lines.append(f"{number:5} {short:{SENTENCE}} {socket:8} {poll:8} {seconds:>7}")
    for verdict in (Verdict.FAILED, Verdict.SKIPPED):
        found = [one for one in outcomes if one.verdict is verdict]
        lines += [f"\n{verdict}:"] if found else []
        lines += [f"  {one.clause.number} over {one.way}: {one.why}" for one in found]
    counts = {each: sum(one.verdict is each for one in outcomes) for each in Verdict}
    return "\n".join([*lines, "", ", ".join(f"{count} {each}" for each, count in counts.items())])


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Return the table for a document."""
    rows = [HEAD, tuple("---" for _ in HEAD), *_rows(outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Return the same for programs: a list with one object for each clause and way."""
    return json.dumps(
        [
            {
                "clause": one.clause.number,
                "sentence": one.clause.sentence,
                "way": one.way,
                "verdict": str(one.verdict),
                "why": one.why,
                "seconds": round(one.took_s, 1),
            }
            for one in outcomes
        ],
        ensure_ascii=False,
        indent=2,
    )


def _rows(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    for clause, of_it in groupby(outcomes, key=_clause):
        by_way = {one.way: one for one in of_it}
        verdicts = [str(by_way[way].verdict) if way in by_way else NOT_MEANT for way in WAYS]
        took_s = max(one.took_s for one in by_way.values())
        yield clause.number, clause.sentence, verdicts[0], verdicts[1], f"{took_s:.1f}"


def _clause(outcome: Outcome) -> Clause:
    return outcome.clause
