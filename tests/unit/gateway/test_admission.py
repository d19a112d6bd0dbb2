"""Who may open a connection while how many others are open."""

from typing import Any

import pytest

from libs.common.chance import SystemChance
from libs.common.errors import ChatError, TooMany, Unavailable
from services.gateway.core.admission import Admission
from services.gateway.core.pressure import Level
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock
from tests.unit.gateway.pressed import pressure_of

NOW = 50.0
HOME, AWAY = "192.0.2.1", "192.0.2.2"


def admission(*, level: Level = Level.CALM, **knobs: Any) -> Admission:
    uniform = SystemChance(SetClock(NOW)).uniform
    return Admission(GatewaySettings(**knobs), pressure_of(level), uniform=uniform)


def code(at: Admission, address: str = HOME) -> str | None:
    """Return with which code one more would be refused."""
    try:
        at.check(address, NOW)
    except ChatError as refusal:
        return refusal.code
    return None


def come(at: Admission, number: int, address: str = HOME) -> None:
    for _ in range(number):
        at.came(address)


def test_all_strangers_are_bounded() -> None:
    at = admission(authenticating=3, unauthenticated_per_address=3)
    come(at, 1)
    come(at, 2, AWAY)

    assert code(at) == "unavailable"


def test_one_address_may_take_half_of_the_places() -> None:
    at = admission(authenticating=10, unauthenticated_per_address=2)
    come(at, 4)
    assert code(at) is None

    come(at, 1)

    assert code(at) == "unavailable"
    assert code(at, AWAY) is None


def test_when_places_are_short_each_address_gets_a_few() -> None:
    at = admission(authenticating=10, unauthenticated_per_address=2)
    come(at, 5)
    come(at, 2, AWAY)

    assert code(at, AWAY) == "unavailable"
    assert code(at, "192.0.2.3") is None


def test_who_is_known_does_not_count_as_a_stranger() -> None:
    at = admission(unauthenticated_per_address=1, authenticating=1)
    at.came(HOME)
    assert code(at, AWAY) == "unavailable"

    at.known(HOME)

    assert code(at) is None


def test_all_connections_are_bounded() -> None:
    at = admission(max_connections=1)
    at.came(HOME)
    at.known(HOME)
    assert code(at) == "unavailable"

    at.gone()

    assert code(at) is None
    assert len(at) == 0


def test_who_drains_lets_nobody_in() -> None:
    at = admission()
    at.is_draining = True

    assert code(at) == "draining"


def test_who_is_overloaded_lets_nobody_in() -> None:
    assert code(admission(level=Level.BUSY)) is None
    assert code(admission(level=Level.OVERLOADED)) == "unavailable"


def test_people_are_greeted_in_turn_and_nobody_comes_when_all_turns_are_taken() -> None:
    at = admission(resumes_per_s=10, resume_wait_s=0.55)
    waits = [at.turn_s(NOW) for _ in range(15)]
    assert waits == pytest.approx([0.0] * 10 + [0.1, 0.2, 0.3, 0.4, 0.5])
    assert code(at) is None

    at.turn_s(NOW)

    assert code(at) == "unavailable"
    with pytest.raises(Unavailable) as refusal:
        at.turn_s(NOW)
    assert refusal.value.retry_after_ms is not None


def times_told(at: Admission, number: int, *, now: float = NOW) -> list[float]:
    """Return after how many seconds each of so many who are refused are to come back."""
    times = []
    for _ in range(number):
        with pytest.raises(Unavailable) as refusal:
            at.check(HOME, now)
        times.append((refusal.value.retry_after_ms or 0) / 1000)
    return times


def test_those_who_are_refused_come_back_one_after_the_other() -> None:
    at = admission(authenticating=1, resumes_per_s=500)
    at.came(AWAY)

    times = times_told(at, 2_000)

    assert min(times) >= 1.0
    assert max(times) <= 10.0
    in_a_second = [sum(second <= time < second + 1 for time in times) for second in range(1, 10)]
    assert max(in_a_second) < 1_000


def test_few_who_are_refused_come_back_soon() -> None:
    at = admission(authenticating=1, resumes_per_s=500)
    at.came(AWAY)
    times_told(at, 2_000)

    assert max(times_told(at, 20, now=NOW + 60)) < 2.2


def test_an_overloaded_gateway_sends_everybody_away_for_longer() -> None:
    at = admission(level=Level.OVERLOADED, retry_after_s=100)

    assert max(times_told(at, 50)) > 10


def test_bad_tokens_of_one_address_are_counted() -> None:
    at = admission(failed_auths_per_minute=3)
    for _ in range(3):
        at.failed(HOME, NOW)

    with pytest.raises(TooMany):
        at.failed(HOME, NOW)
    at.failed(AWAY, NOW)
    at.failed(HOME, NOW + 20)


@pytest.mark.parametrize("close_code", [1002, 1003, 1007, 1009, 4400, 4429])
def test_an_address_whose_sockets_end_by_faults_of_theirs_is_refused_for_a_while(
    close_code: int,
) -> None:
    at = admission(faults_per_minute=2)
    for _ in range(3):
        at.ended(HOME, close_code, NOW)

    assert code(at) == "rate_limited"
    assert code(at, AWAY) is None
    at.check(HOME, NOW + 30)


@pytest.mark.parametrize("close_code", [1000, 1006, 1012, 4401, 4408, 4410, 4411])
def test_how_others_end_is_held_against_nobody(close_code: int) -> None:
    at = admission(faults_per_minute=2)
    for _ in range(9):
        at.ended(HOME, close_code, NOW)

    assert code(at) is None
