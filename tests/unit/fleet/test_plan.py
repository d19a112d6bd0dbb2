"""Which processes there are and what each is told."""

from libs.common.settings import load
from services.fleet.plan import Nodes, members, names, told
from services.fleet.settings import FleetSettings
from services.split.settings import EDGE, PEER, EdgeSettings, PeerSettings

PORTS = range(20_000, 20_100)
NODES = Nodes(
    databases={name: f"postgresql://{name}" for name in ("auth", "rooms", "messages", "presence")},
    buses={name: f"amqp://{name}" for name in ("auth", "rooms", "messages", "presence", "gateway")},
)


def test_there_are_two_of_what_carries_most() -> None:
    assert [name for name, _ in names(FleetSettings())] == [
        "auth",
        "rooms",
        "messages-1",
        "messages-2",
        "presence",
        "gateway-1",
        "gateway-2",
    ]


def test_gateways_have_the_ports_that_people_know() -> None:
    planned = members(FleetSettings(port=9000, gateways=2), PORTS)

    assert [one.api for one in planned if one.service == "gateway"] == [
        "http://127.0.0.1:9000",
        "http://127.0.0.1:9001",
    ]


def test_no_two_processes_share_a_port() -> None:
    planned = members(FleetSettings(port=0, messages=3, gateways=3), PORTS)

    ports = [port for one in planned for port in (one.port, one.internal_port)]
    assert len(set(ports)) == len(ports) == 2 * 9


def test_everybody_finds_every_process_of_a_service() -> None:
    planned = members(FleetSettings(messages=2), PORTS)
    variables = told(planned[0], planned, NODES)

    inside = [one.inside for one in planned if one.service == "messages"]
    api = [one.api for one in planned if one.service == "messages"]
    peers = load(PeerSettings, PEER, environ=variables)
    edge = load(EdgeSettings, EDGE, environ=variables)
    assert list(peers.messages) == inside
    assert list(edge.messages) == api
    assert variables["PUBLIC_URL"] == "http://127.0.0.1:8000"


def test_each_has_its_own_ports_database_and_user_of_the_broker() -> None:
    planned = members(FleetSettings(), PORTS)
    rooms = next(one for one in planned if one.service == "rooms")

    variables = told(rooms, planned, NODES)

    assert variables["ROOMS_PORT"] == str(rooms.port)
    assert variables["ROOMS_INTERNAL_PORT"] == str(rooms.internal_port)
    assert variables["DATABASE_URL"] == "postgresql://rooms"
    assert variables["BUS_URL"] == "amqp://rooms"


def test_a_gateway_is_told_of_no_database() -> None:
    planned = members(FleetSettings(), PORTS)

    assert "DATABASE_URL" not in told(planned[-1], planned, NODES)
