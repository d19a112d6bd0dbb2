"""Where a process finds the others."""

import pytest

from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.settings import SettingsInvalid, load
from services.gateway.settings import GatewaySettings
from services.split.settings import EDGE, PEER, EdgeSettings, PeerSettings, SplitSettings

APIS = {
    "EDGE_AUTH": "http://auth:8081",
    "EDGE_ROOMS": "http://rooms:8082",
    "EDGE_MESSAGES": "http://one:8083, http://two:8083/",
    "EDGE_PRESENCE": "http://presence:8084",
}


def test_services_are_looked_for_on_this_machine() -> None:
    assert load(PeerSettings, PEER, environ={}).messages == ("http://127.0.0.1:9083",)


def test_one_service_may_have_several_addresses() -> None:
    edge = load(EdgeSettings, EDGE, environ=APIS)

    assert edge.addresses["messages"] == ("http://one:8083", "http://two:8083")


def test_a_gateway_passes_nothing_on_unless_it_is_told_to() -> None:
    assert load(EdgeSettings, EDGE, environ={}).addresses == {}


def test_passing_on_needs_every_address() -> None:
    with pytest.raises(SettingsInvalid, match="of all services, or of none"):
        load(EdgeSettings, EDGE, environ={"EDGE_AUTH": "http://auth:8081"})


@pytest.mark.parametrize("url", ["auth:9081", "amqp://auth", "http://"])
def test_an_address_is_one_of_http(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="PEER_AUTH"):
        load(PeerSettings, PEER, environ={"PEER_AUTH": url})


def test_the_public_address_must_be_said() -> None:
    with pytest.raises(SettingsInvalid, match="PUBLIC_URL is missing"):
        load(SplitSettings, "", environ={})


def test_who_stands_still_is_replaced_before_people_hear_timeout() -> None:
    """As it comes. The broker ends a connection on which it heard nothing for three heartbeats at
    most; then the next consumer is served what the first one held.
    """
    broker = load(BrokerSettings, "BUS_", environ={"BUS_URL": "amqp://bob:secret@rabbit/chat"})
    gateway = load(GatewaySettings, "GATEWAY_", environ={})

    assert 3 * broker.heartbeat_s < gateway.command_timeout_s
