"""However a check ends, the run goes on and the report tells it."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from tests.conformance.__main__ import main
from tests.conformance.case import Case
from tests.conformance.cast import Cast
from tests.conformance.catalogue import NUMBERS, clauses
from tests.conformance.clause import POLL, SOCKET, WAYS, Broken, Clause, Skipped
from tests.conformance.report import as_json, markdown, table
from tests.conformance.runner import Outcome, Verdict, run
from tests.conformance.server import Options, Server


async def keeps(_: Case) -> None:
    pass


async def breaks(_: Case) -> None:
    raise Broken("expected an ack; came nothing")


async def cannot_see(_: Case) -> None:
    raise Skipped("needs another gateway")


async def stumbles(_: Case) -> None:
    raise KeyError("seq")


async def never_ends(_: Case) -> None:
    await asyncio.Event().wait()


def clause(
    number: str,
    check: Callable[[Case], Awaitable[None]],
    ways: tuple[str, ...] = (SOCKET,),
    *,
    people: int = 0,
    within_s: float = 5.0,
) -> Clause:
    return Clause(number, f"it {check.__name__}", check, ways, people, within_s)


async def outcomes_of(*chosen: Clause, ways: tuple[str, ...] = WAYS) -> list[Outcome]:
    options = Options("http://127.0.0.1:1", accounts=(("a@example.org", "secret"),))
    async with Cast(Server(options, auth_timeout_s=5.0, heartbeat_s=25.0)) as cast:
        return await run(cast, chosen, ways)


async def test_each_check_ends_in_a_verdict_with_its_reason() -> None:
    outcomes = await outcomes_of(
        clause("P1", keeps),
        clause("P2", breaks),
        clause("P3", cannot_see),
        clause("P4", stumbles),
        clause("P5", never_ends, within_s=0.01),
    )

    assert [(one.verdict, one.why) for one in outcomes] == [
        (Verdict.OK, ""),
        (Verdict.FAILED, "expected an ack; came nothing"),
        (Verdict.SKIPPED, "needs another gateway"),
        (Verdict.FAILED, "came what cannot be understood: KeyError('seq')"),
        (Verdict.FAILED, "it was not over within 0.01 s"),
    ]


async def test_a_clause_is_checked_over_each_way_to_which_it_applies() -> None:
    chosen = (clause("P1", keeps, WAYS), clause("P2", keeps, (POLL,)), clause("P3", keeps))

    both = await outcomes_of(*chosen)
    one = await outcomes_of(*chosen, ways=(POLL,))

    assert [(it.clause.number, it.way) for it in both] == [
        ("P1", SOCKET),
        ("P1", POLL),
        ("P2", POLL),
        ("P3", SOCKET),
    ]
    assert [(it.clause.number, it.way) for it in one] == [("P1", POLL), ("P2", POLL)]


async def test_with_too_few_people_it_is_skipped() -> None:
    (outcome,) = await outcomes_of(clause("P1", keeps, people=2))

    assert (outcome.verdict, outcome.why) == (Verdict.SKIPPED, "needs 2 accounts")


async def test_the_table_has_a_line_for_each_clause_and_the_reasons_below() -> None:
    text = table(await outcomes_of(clause("P1", keeps, WAYS), clause("P2", breaks)))

    head, first, second, *below = text.splitlines()
    assert head.split() == ["socket", "poll", "seconds"]
    assert first.split() == ["P1", "it", "keeps", "ok", "ok", "0.0"]
    assert second.split() == ["P2", "it", "breaks", "FAILED", "-", "0.0"]
    assert "  P2 over socket: expected an ack; came nothing" in below
    assert below[-1] == "2 ok, 1 FAILED, 0 skipped"


async def test_the_same_stands_in_a_document_and_in_a_file_for_programs() -> None:
    outcomes = await outcomes_of(clause("P3", cannot_see))

    assert markdown(outcomes).splitlines() == [
        "| clause | sentence | socket | poll | seconds |",
        "| --- | --- | --- | --- | --- |",
        "| P3 | it cannot_see | skipped | - | 0.0 |",
    ]
    assert json.loads(as_json(outcomes)) == [
        {
            "clause": "P3",
            "sentence": "it cannot_see",
            "way": "socket",
            "verdict": "skipped",
            "why": "needs another gateway",
            "seconds": 0.0,
        }
    ]


def test_every_number_has_a_clause_and_every_sentence_is_its_own() -> None:
    found = clauses()

    assert {one.number for one in found} == set(NUMBERS)
    assert len({(one.number, one.sentence) for one in found}) == len(found)


def test_where_there_is_no_server_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--url", "http://127.0.0.1:1", "--only", "P1"])

    assert status == 2
    assert "no `hello` from ws://127.0.0.1:1/v1/ws" in capsys.readouterr().err


def test_a_number_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--url", "http://127.0.0.1:1", "--only", "P41"])

    assert "no clause is called ['P41']" in capsys.readouterr().err
