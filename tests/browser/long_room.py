"""A room with a long history, written faster than anybody could."""

import asyncio
from typing import Final

from hubbub_client.api import Api
from hubbub_client.client import Client
from tests.support.program import Program

WITHOUT_LIMITS: Final = {
    "GATEWAY_COMMANDS_BURST": "100000",
    "GATEWAY_SENDS_BURST": "100000",
    "MESSAGES_ROOM_SENDS_BURST": "100000",
}
"""What a program is started with in which this is done."""

AT_ONCE: Final = 500
"""Messages on their way at a time; about 4000 a second are taken."""

WORDS: Final = "the beans are up and the soil keeps warm under the mulch, even at night "


def line(number: int) -> str:
    """Return what the message says: its number, and up to six lines on a phone."""
    return f"line {number}. {WORDS * (number * 7 % 5)}".strip()


async def write_lines(program: Program, api: Api, room: str, *, count: int, first: int = 1) -> None:
    """Let who is logged in write so many messages into a room, in order."""

    async def token() -> str:
        assert api.tokens is not None
        return api.tokens.access

    async with Client(program.socket_url, token) as client:
        for begin in range(first, first + count, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, first + count))
            await asyncio.gather(*(_write(client, room, number) for number in numbers))


async def _write(client: Client, room: str, number: int) -> None:
    body = {"room_id": room, "client_msg_id": f"line-{number}", "content": line(number)}
    await client.ask("send_message", body)
