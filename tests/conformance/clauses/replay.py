"""P21 to P23, P27 and P28: what was missed comes afterwards, as it is now, or a gap is told."""

from contextlib import AsyncExitStack
from typing import Final

from hubbub_client.frames import Frame, Json
from tests.conformance.case import Case
from tests.conformance.clause import WAYS, Clause, expect, expect_equal
from tests.conformance.socket_way import SocketDevice, ready_device, recovery_of
from tests.conformance.talking import expect_seqs, order, send, together
from tests.conformance.ways import Device, Recovery

MISSED: Final = 5
MOST_MISSED: Final = 2_000
EDITORS: Final = 6
WORD: Final = "swordfish"
MOST_S: Final = 120.0


async def what_was_missed_comes(case: Case) -> None:
    await _resume_at(case, case.options.url)


async def it_comes_from_another_gateway(case: Case) -> None:
    await _resume_at(case, case.elsewhere)


async def a_resume_may_be_part_of_auth(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    missed = await _miss(case, room)
    async with ready_device(case.bob, resume=[cursor]) as device:
        resumed = await device.hear("resumed")
        expect_seqs(device.events(room), missed, "before `resumed`")
    expect_equal(
        resumed.data["rooms"],
        [{"room_id": room, "recovered": True, "from": cursor["seq"], "to": missed[-1]}],
        "`resumed` to say",
    )
    expect_equal(recovery_of(resumed, room), Recovery(is_recovered=True), "it")


async def too_much_is_a_gap(case: Case) -> None:
    most = case.limits["replay_events_per_room"]
    case.at_most(most, MOST_MISSED, "replay_events_per_room")
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    head = await _fill(case, room, most + 1)
    async with case.device(case.bob) as device:
        (recovery,) = await device.resume(cursor)
        expect_equal(recovery, Recovery(is_recovered=False, reason="too_many"), "to hear")
        gap = {"from_seq": cursor["seq"] + 1, "to_seq": head, "reason": "too_many"}
        await _is_live_after(case, device, room, gap)


async def another_epoch_is_a_gap(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = (await case.bob.cursor(room)) | {"epoch": "of-another-time"}
    head = (await _miss(case, room))[-1]
    async with case.device(case.bob) as device:
        (recovery,) = await device.resume(cursor)
        expect_equal(recovery, Recovery(is_recovered=False, reason="epoch"), "to hear")
        gap = {"from_seq": 1, "to_seq": head, "reason": "epoch"}
        await _is_live_after(case, device, room, gap)


async def a_replay_shows_the_present(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    async with case.device(case.alice) as alices:
        edited = await send(alices, room, "Frist")
        deleted = await send(alices, room, "Regretted")
        of_it = {"room_id": room, "message_id": edited["message_id"]}
        await order(alices, "edit_message", **of_it, content="First")
        await order(alices, "add_reaction", **of_it, emoji="👍")
        await order(alices, "delete_message", room_id=room, message_id=deleted["message_id"])
    async with case.device(case.bob) as bobs:
        await bobs.resume(cursor)
        events = bobs.events(room)
    expect_seqs(events, range(cursor["seq"] + 1, cursor["seq"] + 6), "a replay of")
    expect_equal(
        [event.type for event in events],
        ["message", "message", "message_edited", "reaction_added", "message_deleted"],
        "the types",
    )
    await _is_as_in_the_history(case, room, events)


async def what_is_deleted_is_nowhere(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    async with case.device(case.alice) as alices:
        message = await send(alices, room, f"The word is {WORD}")
        of_it = {"room_id": room, "message_id": message["message_id"]}
        await order(alices, "edit_message", **of_it, content=f"The word was {WORD}")
        await order(alices, "delete_message", **of_it)
    async with case.device(case.bob) as bobs:
        await bobs.resume(cursor)
        replayed = str(bobs.frames)
        expect(bool(bobs.events(room)), "a replay", bobs.frames)
    path = f"/v1/messages/{message['message_id']}"
    answers = [
        await case.bob.call("GET", place)
        for place in (f"/v1/rooms/{room}/messages", f"/v1/rooms/{room}/events", path)
    ]
    edits = await case.alice.call("GET", f"{path}/edits")
    for text in (replayed, edits.text, *(answer.text for answer in answers)):
        expect(WORD not in text, "nothing of what was deleted", text)


async def _resume_at(case: Case, url: str) -> None:
    """Cut somebody off, let others write, and let them go on at a gateway."""
    room = await case.room(case.bob)
    async with case.listening(case.bob, room) as before:
        first = (await case.alice.write(room, "While he listens"))["seq"]
        await before.reach(room, first)
    cursor = (await case.bob.cursor(room)) | {"seq": first}
    missed = await _miss(case, room)
    async with case.device(case.bob, at=url) as device:
        (recovery,) = await device.resume(cursor)
        expect(recovery.is_recovered, "the cursor to be good", recovery)
        expect_seqs(device.events(room), missed, "exactly what was missed,")
        live = (await case.alice.write(room, "Welcome back"))["seq"]
        await device.reach(room, live)
        expect_seqs(device.events(room), [*missed, live], "what is live after it,")


async def _miss(case: Case, room: str) -> list[int]:
    """Let Alice write, and return the seqs."""
    return [(await case.alice.write(room, f"Missed {at}"))["seq"] for at in range(MISSED)]


async def _fill(case: Case, room: str, count: int) -> int:
    """Let as many events happen as fast as limits let, and return the head: edits, mostly."""
    connections = min(EDITORS, int(case.limits["connections_per_person"]))
    async with AsyncExitStack() as opened:
        devices = [
            await opened.enter_async_context(ready_device(case.alice)) for _ in range(connections)
        ]
        message = await send(devices[0], room, "This changes")
        of_it = {"room_id": room, "message_id": message["message_id"]}

        async def edit(device: SocketDevice, numbers: range) -> None:
            for number in numbers:
                await order(device, "edit_message", **of_it, content=f"Edit {number}")

        await together(
            *(edit(one, range(at, count - 1, connections)) for at, one in enumerate(devices))
        )
    return int((await case.bob.cursor(room))["seq"])


async def _is_live_after(case: Case, device: Device, room: str, gap: Json) -> None:
    """See that a gap was told, nothing was replayed, and what comes next is heard."""
    told = [frame for frame in device.frames if frame.type == "gap" and frame.room_id == room]
    expect([one.data for one in told] == [gap], f"one gap with {gap}", told)
    expect_seqs(device.events(room), [], "with a gap")
    live = (await case.alice.write(room, "And now"))["seq"]
    await device.reach(room, live)
    expect_seqs(device.events(room), [live], "after the gap")


async def _is_as_in_the_history(case: Case, room: str, events: list[Frame]) -> None:
    """See that what was replayed ends in what the history shows."""
    history = {one["seq"]: one for one in await case.bob.history(room)}
    for event in events[:2]:
        stored = history[event.seq]
        came = (event.data["id"], event.data["content"], event.data["rev"])
        expect_equal(came, (stored["id"], stored["content"], stored["rev"]), "what history has,")
    edited, deleted = [history[event.seq] for event in events[:2]]
    expect_equal((edited["content"], deleted["content"]), ("First", ""), "the history to hold")
    reactions = [(one["emoji"], one["count"]) for one in edited["reactions"]]
    expect_equal(reactions, [("👍", 1)], "the reactions to be")


CLAUSES: Final = (
    Clause(
        "P21",
        "who comes back with a cursor hears exactly what was missed, and then what is new",
        what_was_missed_comes,
        ways=WAYS,
    ),
    Clause(
        "P21",
        "so does who comes back to another gateway",
        it_comes_from_another_gateway,
        ways=WAYS,
    ),
    Clause("P21", "a resume may be part of `auth`", a_resume_may_be_part_of_auth),
    Clause(
        "P22",
        "with more missed than `replay_events_per_room` a gap `too_many` is told; then it is live",
        too_much_is_a_gap,
        ways=WAYS,
        within_s=MOST_S,
    ),
    Clause(
        "P23",
        "with a cursor of another epoch a gap `epoch` is told; then it is live",
        another_epoch_is_a_gap,
        ways=WAYS,
    ),
    Clause(
        "P27",
        "edits, deletions and reactions are replayed, and end in what the history shows",
        a_replay_shows_the_present,
        ways=WAYS,
    ),
    Clause(
        "P28",
        "what was deleted is in no history, no log, no replay",
        what_is_deleted_is_nowhere,
        ways=WAYS,
    ),
)
