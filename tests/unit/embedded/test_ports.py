"""The port that stands in the link for the first owner."""

import socket

from services.embedded.environment import filling_in
from services.embedded.ports import settled
from services.embedded.settings import EmbeddedSettings


def test_any_port_becomes_one_before_addresses_are_told() -> None:
    settings = settled(EmbeddedSettings(port=0))

    assert settings.port > 0
    assert settings.address == f"http://127.0.0.1:{settings.port}"
    assert f":{settings.port}" in " ".join(filling_in(settings).values())
    with socket.create_server(("127.0.0.1", settings.port)):
        pass


def test_a_port_that_was_chosen_stays() -> None:
    chosen = EmbeddedSettings(port=9000)

    assert settled(chosen) is chosen


def test_an_address_of_another_machine_is_left_to_the_start_to_refuse() -> None:
    elsewhere = EmbeddedSettings(port=0, host="192.0.2.1", allow_plain_http=True)

    assert settled(elsewhere) is elsewhere
