"""A bot in a room of people: it hears, writes, and is cut off the moment its token is revoked."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from hubbub_client.api import Api
from hubbub_client.client import Client
from hubbub_client.frames import Refused
from tests.support.shapes import Shape
from tests.system.people import Person
from tests.system.wire import authenticate, wire

pytestmark = pytest.mark.asyncio(loop_scope="package")

ALL: Final = ("rooms:read", "rooms:write", "messages:read", "messages:write", "presence", "profile")

CUT_WITHIN_S: Final = 10.0
"""On a busy machine; on an idle one it is a moment."""

PRESENCE: Final = "/v1/presence?user_ids={bot}"

DOCUMENT: Final = Path(__file__).parents[2] / "docs/bots.md"


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def bot(alice: Person) -> str:
    """A bot of Alice's."""
    answer = await alice.call("POST", "/v1/bots", {"name": "Robot"})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["id"])


async def new_token(owner: Person, bot: str, *scopes: str) -> dict[str, Any]:
    body = {"name": "Script", "scopes": list(scopes or ALL)}
    answer = await owner.call("POST", f"/v1/bots/{bot}/tokens", body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def room_with(owner: Person, bot: str, kind: str = "private") -> str:
    """Return a room that the owner has taken the bot into."""
    room = await owner.make_room(kind)
    answer = await owner.call("PUT", f"/v1/rooms/{room}/members/{bot}", {"role": "member"})
    assert answer.is_success, answer.text
    await owner.finds("member_joined", room, of=bot)
    return room


async def test_the_bot_of_the_document_hears_and_answers(
    program: Shape, alice: Person, bot: str
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    names: dict[str, Any] = {"__name__": "bot"}
    exec(compile(code, DOCUMENT.name, "exec"), names)  # noqa: S102 - our own document
    room = await room_with(alice, bot)
    token = (await new_token(alice, bot))["token"]

    async with alice.wire(room) as one:
        running = asyncio.create_task(names["main"](program.socket_url, token, room))
        try:
            while True:
                # Until the bot listens nobody answers.
                await alice.write(room, "!ping")
                heard = await one.hear("message")
                if heard.data["author"]["id"] == bot:
                    break
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    assert heard.data["content"] == "pong"
    assert heard.data["author"] == {"kind": "bot", "id": bot, "name": "Robot"}


async def test_a_bot_reads_writes_and_reacts_over_http_too(
    program: Shape, alice: Person, bot: str
) -> None:
    room = await room_with(alice, bot, "public")
    said = await alice.write(room, "who is there?")
    token = (await new_token(alice, bot))["token"]

    async with Api(program.url, api_token=token) as robot:
        (found,) = (await robot.history(room))["items"]
        await robot.call("PUT", f"/v1/messages/{said['id']}/reactions/%F0%9F%91%8B")
        body = {"content": "me", "client_msg_id": "robot-1"}
        await robot.call("POST", f"/v1/rooms/{room}/messages", body)
        rooms = (await robot.call("GET", "/v1/rooms", query={"scope": "mine"}))["items"]

    assert found["content"] == "who is there?"
    first, second = await alice.history(room)
    assert [one["emoji"] for one in first["reactions"]] == ["\N{WAVING HAND SIGN}"]
    assert (second["author"]["kind"], second["content"]) == ("bot", "me")
    assert room in [one["id"] for one in rooms]


async def test_a_bot_knows_of_no_room_that_nobody_took_it_into(
    program: Shape, alice: Person, bot: str
) -> None:
    room = await alice.make_room("public")
    token = (await new_token(alice, bot))["token"]

    async with Api(program.url, api_token=token) as robot:
        for method, path in [
            ("GET", f"/v1/rooms/{room}"),
            ("GET", f"/v1/rooms/{room}/messages"),
            ("POST", f"/v1/rooms/{room}/join"),
        ]:
            with pytest.raises(Refused) as refusal:
                await robot.call(method, path)
            assert refusal.value.code in {"not_found", "forbidden"}
    async with wire(program.socket_url) as one:
        await authenticate(one, token)
        joined = await one.ask("join_room", room_id=room)
    assert joined.data["code"] == "not_found"


async def test_a_revoked_token_is_cut_off_and_refused_at_every_door(
    program: Shape, alice: Person, bot: str
) -> None:
    room = await room_with(alice, bot)
    made = await new_token(alice, bot)
    kept = (await new_token(alice, bot))["token"]
    async with (
        wire(program.socket_url) as cut,
        wire(program.socket_url) as other,
        Api(program.url, api_token=made["token"]) as robot,
    ):
        assert (await authenticate(cut, made["token"])).type == "ready"
        assert (await authenticate(other, kept)).type == "ready"
        doors = ("/v1/me", "/v1/rooms", f"/v1/rooms/{room}/messages", "/v1/me/unread", PRESENCE)
        for path in doors:
            await robot.call("GET", path.format(bot=bot))

        assert (await alice.call("DELETE", f"/v1/tokens/{made['id']}")).is_success
        revoked_at = time.monotonic()
        assert await cut.closed() == (4401, "revoked")
        took_s = time.monotonic() - revoked_at

        assert took_s < CUT_WITHIN_S
        await refused_within(CUT_WITHIN_S, robot, [path.format(bot=bot) for path in doors])
        await other.settle()
        with pytest.raises(InvalidStatus) as handshake:
            async with wire(
                program.socket_url, headers={"authorization": f"Bearer {made['token']}"}
            ):
                pass
    assert handshake.value.response.status_code == httpx.codes.UNAUTHORIZED


async def refused_within(limit_s: float, robot: Api, paths: list[str]) -> None:
    """See that every path is refused in time, each by its own service."""
    async with asyncio.timeout(limit_s):
        for path in paths:
            while (code := await answered(robot, path)) is None:
                pass
            assert code in {"session_revoked", "unauthenticated"}


async def answered(robot: Api, path: str) -> str | None:
    """Return why a path is refused, None if it is not."""
    try:
        await robot.call("GET", path)
    except Refused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("scopes", [("messages:write",), ("rooms:read",)])
async def test_a_token_that_may_not_hear_opens_no_socket(
    program: Shape, alice: Person, bot: str, scopes: tuple[str, ...]
) -> None:
    token = (await new_token(alice, bot, *scopes))["token"]

    with pytest.raises(InvalidStatus) as handshake:
        async with wire(program.socket_url, headers={"authorization": f"Bearer {token}"}):
            pass
    async with wire(program.socket_url) as one:
        refusal = await authenticate(one, token)
        closed = await one.closed()

    assert handshake.value.response.status_code == httpx.codes.FORBIDDEN
    assert (refusal.data["code"], closed) == ("insufficient_scope", (4401, "invalid"))


async def test_a_token_that_only_hears_says_nothing(
    program: Shape, alice: Person, bot: str
) -> None:
    room = await room_with(alice, bot)
    token = (await new_token(alice, bot, "messages:read"))["token"]

    async with wire(program.socket_url) as one:
        await authenticate(one, token)
        assert (await one.ask("join_room", room_id=room)).type == "room_joined"
        answers = [
            await one.ask("send_message", room_id=room, client_msg_id="m", content="hi"),
            await one.ask("typing", room_id=room, is_typing=True),
            await one.ask("set_presence", state="away"),
        ]
        renewed = await one.ask("refresh", token=token)

    assert [answer.data["code"] for answer in answers] == ["insufficient_scope"] * 3
    assert renewed.type == "ack"
    assert await alice.history(room) == []


async def test_another_token_of_the_same_bot_does_not_renew_a_socket(
    program: Shape, alice: Person, bot: str
) -> None:
    narrow, wide = [
        (await new_token(alice, bot, *scopes))["token"] for scopes in (("messages:read",), ALL)
    ]

    async with wire(program.socket_url) as one:
        await authenticate(one, narrow)
        await one.ask("refresh", token=wide)
        assert await one.closed() == (4401, "invalid")


async def test_the_client_stays_with_an_api_token(program: Shape, alice: Person, bot: str) -> None:
    room = await room_with(alice, bot)
    token = (await new_token(alice, bot))["token"]

    async with Client(program.socket_url, token) as robot:
        await robot.join(room)
        await robot.send(room, "one")
        robot.cut()
        await robot.send(room, "two")

    assert [one["content"] for one in await alice.history(room)] == ["one", "two"]
