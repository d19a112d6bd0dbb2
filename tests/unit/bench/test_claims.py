"""A bench that finds otherwise than is claimed says so and fails."""

import pytest

from tests.bench.claims import Claims


def test_claims_that_hold_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    claims = Claims()
    claims.hold("frames missed", found=0, at_most=0)
    claims.hold("times as much", found=1.04, at_most=1.5)

    claims.end()

    assert capsys.readouterr().out == "\n2 claims hold, 0 do not\n"


def test_a_claim_that_does_not_hold_is_named_and_ends_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claims = Claims()
    claims.hold("times as much", found=1.6, at_most=1.5)

    with pytest.raises(SystemExit) as ended:
        claims.end()

    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "0 claims hold, 1 do not",
        "times as much: 1.60, at most 1.50 was claimed",
    ]
