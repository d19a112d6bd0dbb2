"""Who may open a connection while how many others are open."""

from typing import Any

import pytest

from libs.common.errors import ChatError, TooMany
from services.gateway.core.admission import Admission
from services.gateway.settings import GatewaySettings

NOW = 50.0
HOME = "192.0.2.1"


def admission(**knobs: Any) -> Admission:
    return Admission(GatewaySettings(**knobs))


def code(at: Admission, address: str = HOME) -> str | None:
    """Return with which code one more would be refused."""
    try:
        at.check(address)
    except ChatError as refusal:
        return refusal.code
    return None


def test_strangers_of_one_address_are_bounded() -> None:
    at = admission(unauthenticated_per_address=2)
    at.came(HOME)
    at.came(HOME)

    assert code(at) == "rate_limited"
    assert code(at, "192.0.2.2") is None


def test_who_is_known_does_not_count_as_a_stranger() -> None:
    at = admission(unauthenticated_per_address=1, authenticating=1)
    at.came(HOME)
    assert code(at, "192.0.2.2") == "unavailable"

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


def test_bad_tokens_of_one_address_are_counted() -> None:
    at = admission(failed_auths_per_minute=3)
    for _ in range(3):
        at.failed(HOME, NOW)

    with pytest.raises(TooMany):
        at.failed(HOME, NOW)
    at.failed("192.0.2.2", NOW)
    at.failed(HOME, NOW + 20)
