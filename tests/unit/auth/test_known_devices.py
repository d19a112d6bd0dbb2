"""A browser is known to the accounts that logged in with it, and to no other."""

from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from services.auth.core.known_devices import KnownDevices

ALICE, BOB = PersonId(UUID(int=1)), PersonId(UUID(int=2))
DEVICES = KnownDevices(b"k" * 32)
SHOWN = DEVICES.shown_by("nonce", ALICE)


def test_a_device_is_known_to_whoever_logged_in_there() -> None:
    assert DEVICES.known(SHOWN, ALICE) == "nonce"


def test_it_is_a_stranger_to_everybody_else() -> None:
    assert DEVICES.known(SHOWN, BOB) is None


@pytest.mark.parametrize(
    "shown",
    [
        "",
        ".",
        "nonce",
        "nonce.",
        f"other.{SHOWN.partition('.')[2]}",
        SHOWN[:-1],
        SHOWN + "A",
        "é.é",
    ],
)
def test_nobody_makes_one_up(shown: str) -> None:
    assert DEVICES.known(shown, ALICE) is None


def test_another_server_makes_others() -> None:
    assert KnownDevices(b"o" * 32).known(SHOWN, ALICE) is None
