"""A client changes between sockets and polls, and nobody who uses it notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import httpx
import pytest

from hubbub_client.client import Client, Stopped
from hubbub_client.ways import Patience, Way
from tests.support.waiting import until
from tests.unit.hubbub_client.two_ways import TwoWays, two_ways

ROOM: Final = "0190b5a0-0000-7000-8000-00000000000a"

PATIENCE: Final = Patience(failed_upgrades=1, socket_again_s=300, settle_s=0.05)
RESTLESS: Final = replace(PATIENCE, socket_again_s=0.05)


async def give_token() -> str:
    return "token"


@asynccontextmanager
async def connected(
    installation: TwoWays, *, patience: Patience = PATIENCE
) -> AsyncIterator[Client]:
    async with (
        two_ways(installation) as url,
        Client(url, give_token, patience=patience) as client,
    ):
        yield client


async def test_a_client_polls_after_as_many_failed_upgrades_as_it_was_told() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    async with connected(installation, patience=replace(PATIENCE, failed_upgrades=2)) as client:
        assert client.way is Way.POLLS
        assert installation.upgrade_count == 2


async def test_a_client_stays_with_sockets_where_polls_do_not_get_through_either() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=False)
    async with two_ways(installation) as url:
        client = Client(url, give_token, patience=PATIENCE)
        opening = asyncio.create_task(client.open())
        await until(lambda: installation.poll_count > 0)
        installation.lets_sockets = installation.lets_polls = True
        await opening

        assert client.way is Way.SOCKET
        await client.close()


async def test_a_client_that_polls_goes_back_to_a_socket_by_itself() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    async with connected(installation, patience=RESTLESS) as client:
        await client.send(ROOM, "First", client_msg_id="first")
        tried = installation.upgrade_count
        await until(lambda: installation.upgrade_count > tried)
        assert client.way is Way.POLLS

        installation.lets_sockets = True
        await until(lambda: client.way is Way.SOCKET)
        await client.send(ROOM, "Second", client_msg_id="second")

    assert installation.sent == [("http", "first"), ("socket", "second")]


async def test_a_message_whose_answer_was_lost_over_http_is_repeated_over_the_socket() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    installation.lost_answers = 1
    async with connected(installation, patience=RESTLESS) as client:
        sending = asyncio.create_task(client.send(ROOM, "Once", client_msg_id="once"))
        await until(lambda: len(installation.sent) > 0)
        installation.lets_sockets = True
        await sending

    assert installation.sent == [("http", "once"), ("socket", "once")]


async def test_a_message_whose_socket_was_cut_is_repeated_over_http() -> None:
    installation = TwoWays(lets_sockets=True, lets_polls=True)
    async with connected(installation) as client:
        installation.lets_sockets = False
        client.cut()
        await client.send(ROOM, "Once", client_msg_id="once")

        assert client.way is Way.POLLS
    assert installation.sent == [("http", "once")]


async def test_a_client_whose_session_has_ended_stops_polling_for_good() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    installation.has_ended_session = True
    async with two_ways(installation) as url:
        with pytest.raises(Stopped, match="http 401"):
            await Client(url, give_token, patience=PATIENCE).open()


@pytest.mark.parametrize("lets_sockets", [True, False])
async def test_a_token_that_cannot_be_had_for_a_moment_stops_nobody(*, lets_sockets: bool) -> None:
    failures = [httpx.ConnectError("nobody there")]

    async def give_token_later() -> str:
        if failures:
            raise failures.pop()
        return "token"

    installation = TwoWays(lets_sockets=lets_sockets, lets_polls=True)
    async with (
        two_ways(installation) as url,
        Client(url, give_token_later, patience=PATIENCE) as client,
    ):
        assert client.way is (Way.SOCKET if lets_sockets else Way.POLLS)


async def test_typing_is_not_worth_a_request() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    typing = {"room_id": ROOM, "is_typing": True}
    async with connected(installation) as client:
        await client.tell("typing", typing)
        ack = await client.ask("typing", typing)
        await client.send(ROOM, "Typed", client_msg_id="typed")

    assert ack.type == "ack"
    assert (installation.sent, installation.said) == ([("http", "typed")], [])


async def test_a_client_that_is_cut_while_it_polls_polls_again() -> None:
    installation = TwoWays(lets_sockets=False, lets_polls=True)
    async with connected(installation) as client:
        polled = installation.poll_count
        client.cut()
        await client.send(ROOM, "Back", client_msg_id="back")

        assert installation.poll_count > polled
        assert installation.upgrade_count == 1
