"""Who may what, asked at every door: Charlie is outside, Bob is a member, Alice is the owner."""

import httpx
import pytest

from hubbub_client.frames import Json
from tests.system.doors import NOBODY, OF_A_MESSAGE, OF_A_ROOM, ON_THE_SOCKET, filled
from tests.system.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")


class TestPrivateRooms:
    @pytest.mark.parametrize(("method", "path", "body"), OF_A_ROOM)
    async def test_to_an_outsider_a_private_room_is_as_one_that_never_was(
        self,
        bob: Person,
        charlie: Person,
        private_room: str,
        method: str,
        path: str,
        body: Json | None,
    ) -> None:
        names = {"me": charlie.id, "bob": bob.id}

        answers = [
            await charlie.call(method, path.format(room=room, **names), filled(body, **names))
            for room in (private_room, NOBODY)
        ]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()

    @pytest.mark.parametrize(("method", "path", "body"), OF_A_MESSAGE)
    async def test_its_messages_are_not_found_either(
        self,
        alice: Person,
        charlie: Person,
        private_room: str,
        method: str,
        path: str,
        body: Json | None,
    ) -> None:
        message = await alice.write(private_room, "Secret")

        answers = [
            await charlie.call(method, path.format(message=one), body)
            for one in (message["id"], NOBODY)
        ]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
        assert (await alice.history(private_room))[0]["content"] == "Secret"

    @pytest.mark.parametrize(("type_", "more"), ON_THE_SOCKET)
    async def test_nor_is_there_anything_on_the_socket(
        self, alice: Person, charlie: Person, private_room: str, type_: str, more: Json
    ) -> None:
        message = await alice.write(private_room, "Secret")
        data = filled(more, message=message["id"])

        async with charlie.wire() as charlies:
            answers = [
                await charlies.ask(type_, **{"room_id": room} | (data or {}))
                for room in (private_room, NOBODY)
            ]
            await alice.write(private_room, "And another")
            await charlies.settle()

            assert charlies.events == []
        assert [answer.data["code"] for answer in answers] == ["not_found", "not_found"]

    async def test_its_messages_cannot_be_named_from_another_room(
        self, alice: Person, charlie: Person, private_room: str
    ) -> None:
        own_room = await charlie.make_room()
        secret = await alice.write(private_room, "Secret")
        path = f"/v1/rooms/{own_room}/messages"

        async with charlie.wire(own_room) as charlies:
            of_it = {"room_id": own_room, "message_id": secret["id"]}
            on_socket = [
                await charlies.ask("delete_message", **of_it),
                await charlies.ask("edit_message", **of_it, content="Mine"),
                await charlies.ask("add_reaction", **of_it, emoji="👍"),
            ]
        answers = [
            await charlie.call(
                "POST", path, {"client_msg_id": f"to-{place}", "content": "Re", place: secret["id"]}
            )
            for place in ("reply_to", "thread_root")
        ]

        assert {answer.data["code"] for answer in on_socket} == {"not_found"}
        assert [answer.status_code for answer in answers] == [422, 422]

    async def test_it_is_in_no_list_of_an_outsider(
        self, charlie: Person, private_room: str
    ) -> None:
        lists = [
            await charlie.get("/v1/rooms", scope=scope, limit=100) for scope in ("mine", "public")
        ]
        unread = await charlie.get("/v1/me/unread")

        assert private_room not in str([*lists, unread])


class TestPublicRooms:
    async def test_who_has_not_joined_reads_and_listens(
        self, alice: Person, charlie: Person, room: str
    ) -> None:
        first = await alice.write(room, "To everybody")

        history = await charlie.history(room)
        log = await charlie.get(f"/v1/rooms/{room}/events")
        async with charlie.wire() as charlies:
            joined = await charlies.ask("join_room", room_id=room)
            await alice.write(room, "Once more")
            heard = await charlies.hear("message")

        assert [one["id"] for one in history] == [first["id"]]
        assert log["items"][-1]["data"]["content"] == "To everybody"
        assert joined.data["role"] is None
        assert heard.data["content"] == "Once more"

    @pytest.mark.parametrize(
        ("type_", "more"),
        [one for one in ON_THE_SOCKET if one[0] not in {"join_room", "sync"}],
    )
    async def test_who_has_not_joined_changes_nothing_on_the_socket(
        self, alice: Person, charlie: Person, room: str, type_: str, more: Json
    ) -> None:
        message = await alice.write(room, "Hello")
        data = filled(more, message=message["id"]) or {}

        async with charlie.wire(room) as charlies:
            refusal = await charlies.ask(type_, **{"room_id": room} | data)

        assert refusal.data["code"] == "not_member"
        assert [one["content"] for one in await alice.history(room)] == ["Hello"]

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "/v1/rooms/{room}/messages", {"client_msg_id": "hm", "content": "Hm"}),
            ("PUT", "/v1/rooms/{room}/read", {"seq": 1}),
            ("PATCH", "/v1/messages/{message}", {"content": "Mine now"}),
            ("DELETE", "/v1/messages/{message}", None),
            ("PUT", "/v1/messages/{message}/reactions/👍", None),
            ("PATCH", "/v1/rooms/{room}", {"topic": "Mine now"}),
            ("DELETE", "/v1/rooms/{room}", None),
            ("PUT", "/v1/rooms/{room}/members/{bob}", {"role": "admin"}),
            ("DELETE", "/v1/rooms/{room}/members/{bob}", None),
        ],
    )
    async def test_nor_over_http(
        self,
        alice: Person,
        bob: Person,
        charlie: Person,
        room: str,
        method: str,
        path: str,
        body: Json | None,
    ) -> None:
        message = await alice.write(room, "Hello")

        answer = await charlie.call(
            method, path.format(room=room, message=message["id"], bob=bob.id), body
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "not_member")


class TestRemovedMembers:
    async def test_who_is_put_out_hears_that_and_nothing_after(
        self, alice: Person, bob: Person, private_room: str
    ) -> None:
        async with alice.wire(private_room) as alices, bob.wire(private_room) as bobs:
            async with bob.wire() as elsewhere:
                path = f"/v1/rooms/{private_room}/members/{bob.id}"
                (await alice.call("DELETE", path)).raise_for_status()
                told = await bobs.hear("room_left")
                told_elsewhere = await elsewhere.hear("room_removed")
            left = await alices.hear("member_left")
            await alice.write(private_room, "Now we can talk")
            await alices.hear("message")
            await bobs.settle()

            assert [(event.type, event.seq) for event in bobs.events] == [("member_left", left.seq)]
        assert told.data == {"room_id": private_room, "reason": "removed"}
        assert told_elsewhere.data == {"room_id": private_room, "reason": "removed"}

    async def test_who_was_put_out_cannot_come_back_from_where_they_were(
        self, alice: Person, bob: Person, private_room: str
    ) -> None:
        async with bob.wire() as before:
            joined = await before.ask("join_room", room_id=private_room)
        path = f"/v1/rooms/{private_room}/members/{bob.id}"
        (await alice.call("DELETE", path)).raise_for_status()
        await alice.finds("member_left", private_room, of=bob.id)
        await alice.write(private_room, "Now we can talk")
        cursor = {
            "room_id": private_room,
            "seq": joined.data["head_seq"],
            "epoch": joined.data["epoch"],
        }

        async with bob.wire(resume=[cursor]) as again:
            resumed = await again.hear("resumed")
            later = await again.ask("resume", rooms=[cursor])
            sync = await again.ask("sync", room_id=private_room, after_seq=0, limit=100)

            assert again.events == []
        not_there = {"room_id": private_room, "recovered": False, "reason": "not_found"}
        assert resumed.data["rooms"] == later.data["rooms"] == [not_there]
        assert sync.data["code"] == "not_found"
        history = await bob.call("GET", f"/v1/rooms/{private_room}/messages")
        assert history.status_code == httpx.codes.NOT_FOUND


class TestMembers:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "/v1/rooms/{room}/members/{bob}", {"role": "owner"}),
            ("PUT", "/v1/rooms/{room}/members/{alice}", {"role": "member"}),
            ("DELETE", "/v1/rooms/{room}/members/{alice}", None),
            ("POST", "/v1/rooms/{room}/transfer", {"user_id": "{bob}"}),
            ("PATCH", "/v1/rooms/{room}", {"topic": "Mine now"}),
            ("DELETE", "/v1/rooms/{room}", None),
            ("PATCH", "/v1/messages/{message}", {"content": "Mine now"}),
            ("DELETE", "/v1/messages/{message}", None),
        ],
    )
    async def test_a_member_has_no_rights_of_an_owner(
        self,
        alice: Person,
        bob: Person,
        room: str,
        method: str,
        path: str,
        body: Json | None,
    ) -> None:
        message = await alice.write(room, "Hello")
        names = {"alice": alice.id, "bob": bob.id}

        answer = await bob.call(
            method, path.format(room=room, message=message["id"], **names), filled(body, **names)
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    @pytest.mark.parametrize("type_", ["edit_message", "delete_message"])
    async def test_nor_on_the_socket(
        self, alice: Person, bob: Person, room: str, type_: str
    ) -> None:
        message = await alice.write(room, "Hello")
        more = {"content": "Mine now"} if type_ == "edit_message" else {}

        async with bob.wire(room) as bobs:
            refusal = await bobs.ask(type_, room_id=room, message_id=message["id"], **more)

        assert refusal.data["code"] == "forbidden"

    async def test_the_last_owner_cannot_leave(self, alice: Person, room: str) -> None:
        answer = await alice.call("POST", f"/v1/rooms/{room}/leave")

        assert answer.is_client_error
        assert (await alice.get(f"/v1/rooms/{room}"))["role"] == "owner"

    async def test_an_owner_deletes_what_others_wrote(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        message = await bob.write(room, "Rubbish")

        answer = await alice.call("DELETE", f"/v1/messages/{message['id']}")

        assert answer.status_code == httpx.codes.NO_CONTENT
        assert [one["content"] for one in await bob.history(room)] == [""]
