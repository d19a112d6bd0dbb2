"""Hubbub keeps every clause of its protocol, in both shapes and over both ways to be connected."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conformance.catalogue import NUMBERS, clauses
from tests.conformance.report import table
from tests.conformance.runner import Outcome, Verdict
from tests.system.conformance.held import EMBEDDED, SKIPPED, SPLIT, hold_both, skips_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

Held = dict[str, list[Outcome]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Held]:
    """What the runner found of each shape."""
    folder = tmp_path_factory.mktemp("conformance")
    yield await hold_both(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("shape", [EMBEDDED, SPLIT])
async def test_every_clause_is_kept(held: Held, shape: str) -> None:
    failed = [one for one in held[shape] if one.verdict is Verdict.FAILED]

    assert failed == [], table(failed)


@pytest.mark.parametrize("shape", [EMBEDDED, SPLIT])
async def test_what_cannot_be_seen_is_known_with_its_reason(held: Held, shape: str) -> None:
    skipped = skips_of(held[shape])

    assert skipped.keys() == SKIPPED[shape].keys(), skipped
    for clause, reason in SKIPPED[shape].items():
        assert skipped[clause].startswith(reason)


@pytest.mark.parametrize("shape", [EMBEDDED, SPLIT])
async def test_no_clause_is_missing_over_any_way(held: Held, shape: str) -> None:
    checked = [(one.clause, one.way) for one in held[shape]]

    assert checked == [(clause, way) for clause in clauses() for way in clause.ways]
    assert {clause.number for clause, _ in checked} == set(NUMBERS)
