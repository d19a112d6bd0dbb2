"""A spell of polling, against an installation whose answers the test chooses."""

import asyncio

import httpx
import pytest

from hubbub_client.core import ComeBack
from hubbub_client.frames import Cursor, Json
from hubbub_client.twins import UNKNOWN
from hubbub_client.ways import CUT, Ended, Patience
from tests.unit.hubbub_client.installation import (
    EXPIRED,
    READY,
    Polled,
    answer,
    greeting,
    polled,
)

ROOM = "r1"
PLACE = {"seq": 4, "epoch": "e1"}
MESSAGE: Json = {"id": "m1", "seq": 5, "rev": 1, "created_at": "2030-01-01T00:00:00.000Z"}


def send(key: str) -> Json:
    return {"room_id": ROOM, "client_msg_id": key, "content": key}


def posted(status: int = 201) -> httpx.Response:
    return httpx.Response(status, json={"message": MESSAGE})


async def trial(*answers: httpx.Response | Exception, patience: Patience | None = None) -> Ended:
    """Return how a first poll ends that is answered so."""
    one = Polled(patience or Patience())
    for each in answers:
        one.installation.answers.put_nowait(each)
    try:
        return await one.polls.run(is_trial=True)
    finally:
        await one.door.close()


class TestRooms:
    async def test_joining_a_room_interrupts_the_poll_that_is_held(self) -> None:
        async with polled() as one:
            await one.polls.write("join_room", {"room_id": ROOM}, "7")
            asked = await one.asked(3)
            await one.installation.answers.put(answer({ROOM: PLACE}, ready=READY))

            assert (asked["cursors"], asked["timeout_ms"]) == ({ROOM: None}, 0)
            assert (await one.ear.next()).type == "ready"
            joined = await one.ear.next()
            assert (joined.type, joined.ref, joined.data["head_seq"]) == ("room_joined", "7", 4)

    async def test_each_poll_goes_on_where_the_rooms_are(self) -> None:
        async with polled() as one:
            one.rooms.begin_at(ROOM, Cursor("e1", 4))
            await one.installation.answers.put(answer())
            asked = await one.asked(3)

            assert asked["cursors"] == {ROOM: PLACE}

    async def test_a_room_that_is_left_is_answered_at_once_and_not_asked_for(self) -> None:
        async with polled() as one:
            await one.polls.write("leave_room", {"room_id": ROOM}, "7")
            left = await one.ear.next()
            asked = await one.asked(3)

            assert (left.type, left.ref) == ("room_left", "7")
            assert left.data == {"room_id": ROOM, "reason": "client"}
            assert asked["cursors"] == {}

    async def test_an_answer_from_before_a_room_was_left_is_not_heard_after_the_goodbye(
        self,
    ) -> None:
        async with polled() as one:
            one.rooms.begin_at(ROOM, Cursor("e1", 3))
            await one.installation.answers.put(answer())
            await one.asked(3)
            event = {"type": "message", "room_id": ROOM, "seq": 4, "data": {}}
            await one.installation.answers.put(answer({ROOM: PLACE}, event))
            await one.polls.write("leave_room", {"room_id": ROOM}, "7")
            await one.asked(4)
            await one.installation.answers.put(greeting())

            assert [(await one.ear.next()).type for _ in range(2)] == ["room_left", "ready"]

    async def test_a_log_that_was_begun_anew_is_followed_in_its_new_epoch(self) -> None:
        async with polled() as one:
            one.rooms.begin_at(ROOM, Cursor("e0", 90))
            await one.installation.answers.put(answer())
            await one.asked(3)
            await one.installation.answers.put(answer({ROOM: PLACE}))
            asked = await one.asked(4)

            assert asked["cursors"] == {ROOM: PLACE}

    async def test_asking_to_resume_is_part_of_every_poll(self) -> None:
        async with polled() as one:
            await one.polls.write("resume", {"rooms": []}, "resume")

            assert one.installation.commands == []


class TestCommands:
    async def test_a_message_goes_over_http_with_its_own_id(self) -> None:
        async with polled() as one:
            await one.polls.write("send_message", send("k1"), "7")
            await one.installation.command_answers.put(posted())
            ack = await one.ear.next()

            request = await one.commanded(1)
            assert (request.method, request.url.path) == ("POST", f"/v1/rooms/{ROOM}/messages")
            assert request.headers["idempotency-key"] == "k1"
            assert (ack.type, ack.ref, ack.data["seq"]) == ("ack", "7", 5)

    async def test_messages_of_one_room_keep_their_order(self) -> None:
        async with polled() as one:
            for key in ("k1", "k2", "k3"):
                await one.polls.write("send_message", send(key), key)
            refs = []
            for _ in range(3):
                await one.installation.command_answers.put(posted())
                refs.append((await one.ear.next()).ref)

            keys = [request.headers["idempotency-key"] for request in one.installation.commands]
            assert refs == keys == ["k1", "k2", "k3"]

    async def test_a_command_that_is_under_way_is_not_given_twice(self) -> None:
        async with polled() as one:
            await one.polls.write("send_message", send("k1"), "7")
            await one.polls.write("send_message", send("k1"), "7")
            await one.installation.command_answers.put(posted())
            await one.ear.next()
            await one.polls.write("send_message", send("k1"), "7")
            await one.commanded(2)

            assert len(one.installation.commands) == 2

    async def test_a_command_whose_answer_was_lost_has_an_unknown_outcome(self) -> None:
        async with polled() as one:
            await one.polls.write("send_message", send("k1"), "7")
            await one.installation.command_answers.put(httpx.ReadError("cut"))
            error = await one.ear.next()

            assert (error.type, error.ref, error.data) == ("error", "7", UNKNOWN)

    async def test_a_command_that_nobody_wants_an_answer_to_gets_none(self) -> None:
        async with polled() as one:
            await one.polls.write("read", {"room_id": ROOM, "seq": 4})
            await one.installation.command_answers.put(httpx.Response(403, json={}))
            await one.polls.write("read", {"room_id": ROOM, "seq": 5}, "8")
            await one.installation.command_answers.put(httpx.Response(200, json={"read_seq": 5}))

            assert (await one.ear.next()).ref == "8"

    @pytest.mark.parametrize(
        ("type_", "code"), [("refresh", "unknown_type"), ("edit_message", "invalid")]
    )
    async def test_a_command_that_cannot_be_given_is_refused(self, type_: str, code: str) -> None:
        async with polled() as one:
            await one.polls.write(type_, {}, "7")
            error = await one.ear.next()

            assert (error.type, error.data["code"]) == ("error", code)
            assert one.installation.commands == []

    async def test_an_old_token_is_renewed_once_for_all(self) -> None:
        async with polled() as one:
            await one.polls.write("read", {"room_id": ROOM, "seq": 5}, "7")
            await one.installation.command_answers.put(httpx.Response(401, json=EXPIRED))
            await one.installation.command_answers.put(httpx.Response(200, json={"read_seq": 5}))
            ack = await one.ear.next()

            assert ack.type == "ack"
            assert one.tokens.given == 2
            assert one.installation.tokens[-1] == "Bearer token-2"


class TestFailures:
    async def test_a_first_poll_that_fails_changes_nothing(self) -> None:
        ended = await trial(httpx.ConnectError("nobody there"))

        assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.BACKOFF, False)

    @pytest.mark.parametrize(
        "page",
        [
            httpx.Response(502, text="Bad Gateway"),
            httpx.Response(200, text="<h1>Log in to the wireless network</h1>"),
            httpx.Response(200, json={"welcome": "to the wireless network"}),
            httpx.Response(404, json={"code": "not_found", "retryable": False}),
        ],
    )
    async def test_nor_does_one_that_somebody_else_answers(self, page: httpx.Response) -> None:
        assert (await trial(page)).what_next is ComeBack.BACKOFF

    async def test_a_server_without_room_says_when_to_come_back(self) -> None:
        busy = {"code": "unavailable", "message": "", "retryable": True}

        ended = await trial(httpx.Response(503, json=busy, headers={"retry-after": "7"}))

        assert (ended.what_next, ended.told_s) == (ComeBack.BACKOFF, 7)

    async def test_a_poll_that_is_held_too_long_is_given_up(self) -> None:
        ended = await trial(patience=Patience(poll_margin_s=0.01))

        assert ended.what_next is ComeBack.BACKOFF

    async def test_a_token_that_is_refused_twice_ends_it(self) -> None:
        ended = await trial(*(httpx.Response(401, json=EXPIRED) for _ in range(2)))

        assert (ended.what_next, ended.why) == (ComeBack.NEVER, "http 401")

    async def test_a_session_that_has_ended_needs_no_second_token(self) -> None:
        ended = await trial(httpx.Response(401, json=EXPIRED | {"code": "session_revoked"}))

        assert ended.what_next is ComeBack.NEVER

    async def test_a_later_poll_that_fails_is_followed_by_a_greeting(self) -> None:
        async with polled() as one:
            await one.installation.answers.put(httpx.ReadError("cut"))
            asked = await one.asked(3)
            await one.installation.answers.put(greeting())

            assert (asked["greet"], asked["timeout_ms"]) == (True, 0)
            assert (await one.ear.next()).type == "ready"


class TestEnding:
    async def test_a_cut_ends_the_polling_at_once(self) -> None:
        async with polled() as one:
            one.polls.cut()

            assert await one.ended() == CUT

    async def test_who_leaves_waits_for_the_answers_that_are_under_way(self) -> None:
        async with polled() as one:
            await one.polls.write("send_message", send("k1"), "7")
            await one.commanded(1)
            leaving = asyncio.create_task(one.polls.leave())
            await asyncio.sleep(0)
            await one.installation.command_answers.put(posted())
            await leaving

            assert (await one.ear.next()).type == "ack"

    async def test_who_leaves_waits_for_the_room_that_is_being_joined(self) -> None:
        async with polled() as one:
            await one.polls.write("join_room", {"room_id": ROOM}, "7")
            await one.asked(3)
            leaving = asyncio.create_task(one.polls.leave())
            await asyncio.sleep(0)
            await one.installation.answers.put(answer({ROOM: PLACE}))
            await leaving

            assert (await one.ear.next()).type == "room_joined"
