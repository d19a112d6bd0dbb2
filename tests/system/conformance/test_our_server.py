"""Hubbub keeps every clause of its protocol, in both shapes and over both ways to be connected."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.conformance.catalogue import NUMBERS, clauses
from tests.conformance.report import table
from tests.conformance.runner import Outcome, Verdict
from tests.system.conformance.held import SKIPPED, hold, skips_of
from tests.system.starting import EMBEDDED_AND_AT_LENGTH_SPLIT

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Held:
    """What the runner found of a shape."""

    shape: str
    outcomes: list[Outcome]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=EMBEDDED_AND_AT_LENGTH_SPLIT)
async def held(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Held]:
    folder = tmp_path_factory.mktemp(request.param)
    yield Held(request.param, await hold(request.param, folder / "data"))
    shutil.rmtree(folder)


async def test_every_clause_is_kept(held: Held) -> None:
    failed = [one for one in held.outcomes if one.verdict is Verdict.FAILED]

    assert failed == [], table(failed)


async def test_what_cannot_be_seen_is_known_with_its_reason(held: Held) -> None:
    skipped, known = skips_of(held.outcomes), SKIPPED[held.shape]

    assert skipped.keys() == known.keys(), skipped
    for clause, reason in known.items():
        assert skipped[clause].startswith(reason)


async def test_no_clause_is_missing_over_any_way(held: Held) -> None:
    checked = [(one.clause, one.way) for one in held.outcomes]

    assert checked == [(clause, way) for clause in clauses() for way in clause.ways]
    assert {clause.number for clause, _ in checked} == set(NUMBERS)
