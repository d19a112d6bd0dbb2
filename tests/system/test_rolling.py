"""Tomorrow's release comes in while people talk; nobody loses, doubles or misses a message."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.system.tomorrow.run import report, run

pytestmark = pytest.mark.proof

LONGEST_WAIT_S = 45.0
"""On a busy machine; it is the clients of a gateway that ends who wait, for a new connection."""


async def test_a_new_version_comes_in_under_load(tmp_path: Path) -> None:
    outcome = await run(tmp_path)

    sys.stderr.write(report(outcome))
    shutil.rmtree(tmp_path)
    assert outcome.verdict.is_clean, outcome.verdict
    assert outcome.misread == ()
    assert outcome.verdict.acked == outcome.verdict.sent > 0
    assert max(step.longest_wait_s for step in outcome.steps) < LONGEST_WAIT_S
