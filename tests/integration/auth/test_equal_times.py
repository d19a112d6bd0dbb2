"""Nobody learns from how long an answer takes whether an address has an account."""

from statistics import median

import pytest

from tests.integration.auth.living import Town
from tests.integration.auth.two_kinds import QUESTIONS, TwoKinds, asked, compare

ROUNDS = 8
LARGEST_DIFFERENCE = 0.1


@pytest.mark.parametrize("pairs", [8, pytest.param(40, marks=pytest.mark.proof)])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_both_kinds_of_address_take_as_long(town: Town, question: str, pairs: int) -> None:
    differences, all_of_them = [], TwoKinds()
    async with asked(town) as auth:
        # On a machine that does other things a round may go wrong; what is unequal is so always.
        for nth in range(ROUNDS):
            times = await compare(auth, QUESTIONS[question], pairs=pairs, first=nth * pairs)
            differences.append(times.difference(median))
            if differences[-1] < LARGEST_DIFFERENCE:
                return
            all_of_them = all_of_them.and_also(times)

    # If it was never left alone, the quickest of all are those that it met least.
    assert all_of_them.difference(min) < LARGEST_DIFFERENCE, differences
