"""A service at several addresses."""

import httpx
import pytest

from libs.common.several import SeveralAddresses

ONE, TWO = "http://one:9083", "http://two:9084"


class Network(httpx.AsyncBaseTransport):
    """Reaches every address but those that are away; notes where requests were sent."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.reached: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in self.away:
            raise httpx.ConnectError("refused")
        self.reached.append(f"{request.url.host}:{request.url.port}{request.url.path}")
        return httpx.Response(200)


def client(network: Network, *addresses: str) -> httpx.AsyncClient:
    transport = SeveralAddresses(addresses, network)
    return httpx.AsyncClient(transport=transport, base_url="http://messages")


async def test_requests_go_to_each_in_turn() -> None:
    network = Network()
    async with client(network, ONE, TWO) as http:
        for _ in range(3):
            await http.get("/x")

    assert network.reached == ["one:9083/x", "two:9084/x", "one:9083/x"]


async def test_one_that_takes_no_connection_is_passed_over() -> None:
    network = Network()
    network.away = {"one"}
    async with client(network, ONE, TWO) as http:
        for _ in range(2):
            await http.get("/x")

    assert network.reached == ["two:9084/x", "two:9084/x"]


async def test_when_none_can_be_reached_that_is_said() -> None:
    network = Network()
    network.away = {"one", "two"}
    async with client(network, ONE, TWO) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("/x")
