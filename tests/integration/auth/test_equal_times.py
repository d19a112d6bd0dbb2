"""Nobody learns from how long an answer takes whether an address has an account."""

import pytest

from tests.integration.auth.living import Town
from tests.integration.auth.two_kinds import QUESTIONS, asked, compare

ROUNDS = 8
LARGEST_DIFFERENCE = 0.1


@pytest.mark.parametrize("pairs", [8, pytest.param(40, marks=pytest.mark.proof)])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_both_kinds_of_address_take_as_long(town: Town, question: str, pairs: int) -> None:
    differences = []
    async with asked(town) as auth:
        # On a machine that does other things a round may go wrong; what is unequal is so always.
        for nth in range(ROUNDS):
            times = await compare(auth, QUESTIONS[question], pairs=pairs, first=nth * pairs)
            differences.append(times.difference)
            if times.difference < LARGEST_DIFFERENCE:
                return

    pytest.fail(f"the medians differ by {differences}")
