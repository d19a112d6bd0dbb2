"""Guests: people without an account, in one room, over every way in, and nowhere else."""

import time
from collections.abc import AsyncIterator
from itertools import count
from typing import Final

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from hubbub_client.api import Api
from hubbub_client.frames import Json, Refused
from services.builders.catalog import SERVICES
from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.doors import OF_A_MESSAGE, ON_THE_SOCKET, filled
from tests.system.guests import assert_cut, guest_of
from tests.system.people import Person
from tests.system.wire import authenticate, wire

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

PROMISED_S: Final = 2.0

REMOVALS: Final = 25

_numbers = count(1)


@pytest_asyncio.fixture(loop_scope="package")
async def workshop(alice: Person) -> Json:
    """A guest room of Alice's."""
    body = {"kind": "guest", "title": f"Workshop {next(_numbers)}"}
    return await alice.api.call("POST", "/v1/rooms", body)


@pytest_asyncio.fixture(loop_scope="package")
async def dora(program: Shape, workshop: Json) -> AsyncIterator[Person]:
    """A guest of the workshop."""
    async with guest_of(program, workshop, "Dora") as person:
        yield person


class TestBeingThere:
    async def test_a_guest_does_in_the_socket_what_members_do(
        self, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        before = await alice.write(room, "Welcome")
        async with dora.wire(room) as one, alice.wire(room) as host:
            sent = await one.ask(
                "send_message", room_id=room, content="Hello", client_msg_id="guest-1"
            )
            read = await one.ask("read", room_id=room, seq=before["seq"])
            liked = await one.ask("add_reaction", room_id=room, message_id=before["id"], emoji="👍")
            await one.tell("typing", room_id=room, is_typing=True)
            heard = await host.hear("message")
            typed = await host.hear("typing")

        assert [one.type for one in (sent, read, liked)] == ["ack"] * 3
        assert heard.data["author"] == {"kind": "guest", "id": dora.id, "name": "Dora"}
        assert typed.data["person_id"] == dora.id

    async def test_a_guest_reads_and_writes_over_http(
        self, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        await alice.write(room, "Welcome")

        await dora.write(room, "Hello")

        assert [one["content"] for one in await dora.history(room)] == ["Welcome", "Hello"]
        assert (await dora.get(f"/v1/rooms/{room}"))["role"] == "guest"

    async def test_a_guest_whom_no_socket_gets_through_to_polls(
        self, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        begun = await dora.api.call("POST", "/v1/sync", {"cursors": {room: None}, "timeout_ms": 0})
        await alice.write(room, "Welcome")
        at = {name: begun["cursors"][room][name] for name in ("seq", "epoch")}
        asked = {"cursors": {room: at}, "timeout_ms": 10_000}

        polled = await dora.api.call("POST", "/v1/sync", asked)

        (frame,) = polled["events"]
        assert frame["data"]["content"] == "Welcome"

    async def test_a_refresh_gives_a_new_pair_and_the_socket_goes_on_with_it(
        self, workshop: Json, dora: Person
    ) -> None:
        async with dora.wire(workshop["id"]) as one:
            old = dora.refresh_token
            await dora.api.refresh()
            answer = await one.ask("refresh", token=dora.token)

        assert dora.refresh_token != old
        assert set(answer.data) == {"expires_at"}

    async def test_a_guest_is_present_under_their_alias(
        self, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        async with dora.wire(room):
            await eventually(
                lambda: alice.get(f"/v1/rooms/{room}/presence"),
                lambda there: dora.id in there["users"],
            )


class TestGoing:
    async def test_who_is_removed_is_cut_and_nobody_any_more(
        self, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        async with dora.wire(room) as one, dora.wire(room) as two:
            await alice.call("DELETE", f"/v1/rooms/{room}/members/{dora.id}")
            await assert_cut(one, two)

        await self._assert_is_nobody(dora, room)

    @pytest.mark.proof
    async def test_whoever_is_removed_is_cut_within_two_seconds(
        self, program: Shape, alice: Person, workshop: Json
    ) -> None:
        room, took_s = workshop["id"], []
        for number in range(REMOVALS):
            async with (
                guest_of(program, workshop, f"Guest {number}") as guest,
                guest.wire(room) as one,
            ):
                began = time.monotonic()
                await alice.call("DELETE", f"/v1/rooms/{room}/members/{guest.id}")
                await assert_cut(one)
                took_s.append(time.monotonic() - began)

        assert max(took_s) < PROMISED_S, took_s

    async def test_who_leaves_is_cut_and_the_alias_is_free(
        self, program: Shape, workshop: Json, dora: Person
    ) -> None:
        token = dora.token
        async with dora.wire(workshop["id"]) as one:
            await dora.api.go_out()
            await assert_cut(one)

        async with wire(dora.socket_url) as late:
            assert (await authenticate(late, token)).data["code"] == "session_revoked"

        async def come_in() -> bool:
            try:
                async with guest_of(program, workshop, "dora"):
                    return True
            except Refused:
                return False

        await eventually(come_in, bool)

    async def test_closing_a_room_cuts_all_its_guests_and_nobody_else(
        self, program: Shape, alice: Person, workshop: Json, dora: Person
    ) -> None:
        room = workshop["id"]
        async with (
            guest_of(program, workshop, "Erin") as erin,
            dora.wire(room) as one,
            erin.wire(room) as two,
            alice.wire(room) as host,
        ):
            await alice.api.call("PATCH", f"/v1/rooms/{room}", {"state": "closed"})
            await assert_cut(one, two)
            await host.settle()

        with pytest.raises(Refused, match="room_not_open"):
            await dora.api.refresh()
        async with Api(program.url) as late:
            with pytest.raises(Refused, match="room_not_open"):
                await late.come_in(workshop["slug"], "Frank")

    async def test_an_old_refresh_token_ends_the_thief_and_the_guest(
        self, workshop: Json, dora: Person
    ) -> None:
        stolen = dora.refresh_token
        await dora.api.refresh()
        await dora.api.refresh()

        async with dora.wire(workshop["id"]) as one:
            reuse = await dora.http.post(
                f"/v1/guest-rooms/{workshop['slug']}/refresh", json={"refresh_token": stolen}
            )
            await assert_cut(one)

        assert (reuse.status_code, reuse.json()["code"]) == (401, "session_revoked")

    async def _assert_is_nobody(self, person: Person, room: str) -> None:
        for path in (f"/v1/rooms/{room}", f"/v1/rooms/{room}/messages", "/v1/me/unread"):
            answer = await person.call("GET", path)
            assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked"), path
        with pytest.raises(InvalidStatus) as handshake:
            async with wire(person.socket_url, headers=person.bearer):
                pass
        assert handshake.value.response.status_code == httpx.codes.UNAUTHORIZED
        with pytest.raises(Refused, match="session_revoked"):
            await person.api.refresh()


async def every_endpoint(person: Person) -> list[tuple[str, str, frozenset[str]]]:
    """Return method and path of all that people can ask, and whom it admits, as the running
    services describe it.
    """
    documents = [await person.get(f"/openapi/{service}.json") for service in SERVICES]
    return [
        (method.upper(), path, frozenset(described["x-admits"]))
        for document in documents
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


class TestOneRoomOnly:
    async def test_every_endpoint_that_admits_no_guests_says_so(self, dora: Person) -> None:
        closed = [
            (method, path)
            for method, path, admitted in await every_endpoint(dora)
            if not {"guest", "anyone"} & admitted
        ]

        wrong = {}
        for method, path in closed:
            answer = await dora.call(method, path.format_map(Anywhere()))
            if (answer.status_code, answer.json()["code"]) != (403, "forbidden"):
                wrong[method, path] = answer.status_code

        assert len(closed) > 60
        assert wrong == {}

    async def test_every_endpoint_that_admits_guests_knows_of_no_other_room(
        self, alice: Person, dora: Person, room: str, private_room: str
    ) -> None:
        other = await alice.api.call(
            "POST", "/v1/rooms", {"kind": "guest", "title": f"Other {next(_numbers)}"}
        )
        open_ones = [
            (method, path)
            for method, path, admitted in await every_endpoint(dora)
            if "guest" in admitted and "{room_id}" in path
        ]

        wrong = {}
        for room_id in (room, private_room, other["id"]):
            for method, path in open_ones:
                answer = await dora.call(method, path.format_map(Anywhere(room_id=room_id)))
                if answer.status_code != httpx.codes.NOT_FOUND:
                    wrong[method, path] = answer.status_code

        assert len(open_ones) >= 4
        assert wrong == {}

    async def test_messages_of_other_rooms_are_unknown(
        self, alice: Person, dora: Person, room: str
    ) -> None:
        message = await alice.write(room, "For users only")

        answers = {
            (method, path): (
                await dora.call(method, path.format(message=message["id"]), body)
            ).status_code
            for method, path, body in OF_A_MESSAGE
        }

        assert set(answers.values()) == {httpx.codes.NOT_FOUND}, answers

    async def test_commands_in_other_rooms_find_nothing(
        self, alice: Person, dora: Person, workshop: Json, room: str
    ) -> None:
        message = await alice.write(room, "For users only")

        async with dora.wire(workshop["id"]) as one:
            answers = {
                type_: await one.ask(
                    type_, room_id=room, **(filled(data, message=message["id"]) or {})
                )
                for type_, data in ON_THE_SOCKET
            }

        assert {type_: answer.data["code"] for type_, answer in answers.items()} == dict.fromkeys(
            answers, "not_found"
        )


class Anywhere(dict[str, str]):
    """Fills a path: ids that nobody has where none is given."""

    def __missing__(self, name: str) -> str:
        return "00000000-0000-7000-8000-000000000000"
