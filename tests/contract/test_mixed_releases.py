"""While a new version comes in, each release reads what the other writes, one field more or less.

Today's release stands for the older one here, and a value it does not know for the newer one.
"""

import json
from typing import Any

import msgspec
import pytest
from pydantic import TypeAdapter

from libs.common.contracts.commands import (
    ROOM_PAYLOADS,
    EditMessage,
    MarkRead,
    Payload,
    PostMessage,
    decode_commands,
    read_payload,
    sense,
    write_payload,
)
from libs.common.contracts.facts import decode_fact
from libs.common.contracts.frames import MemberShown, PersonShown
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import RoomRole
from tests.contract.bodies import BODIES
from tests.contract.names import ALICE, MESSAGE
from tests.contract.samples import BATCHES, FACTS, PAYLOADS, envelope

NEW = "something new"


def newer(payload: Payload, value: object) -> msgspec.Raw:
    """Return the payload as a release writes it that knows one field more."""
    values = msgspec.msgpack.decode(write_payload(payload))
    return msgspec.Raw(msgspec.msgpack.encode([*values, value]))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_command_of_a_newer_release_is_read(payload: Payload) -> None:
    command = msgspec.structs.replace(envelope(payload), payload=newer(payload, NEW))

    [read] = decode_commands(msgspec.msgpack.encode([command]))

    assert read_payload(read, {command.kind: type(payload)}) == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_repeat_is_the_same_command_whichever_release_wrote_it(payload: Payload) -> None:
    assert sense(newer(payload, None)) == sense(write_payload(payload))
    assert sense(newer(payload, NEW)) != sense(write_payload(payload))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PostMessage("tea"), PostMessage("coffee")),
        (PostMessage("tea"), PostMessage("tea", reply_to=MESSAGE)),
        (PostMessage("tea", reply_to=MESSAGE), PostMessage("tea", thread_root=MESSAGE)),
        (EditMessage(MessageId(MESSAGE), "tea"), EditMessage(MessageId(MESSAGE), "tea", 192)),
        # In msgpack their last bytes look like None.
        (MarkRead(Seq(0xC0)), MarkRead(Seq(0xC0C0))),
        (MarkRead(Seq(0x01C0)), MarkRead(Seq(0x01))),
    ],
)
def test_other_content_is_another_command(one: Payload, other: Payload) -> None:
    assert sense(write_payload(one)) != sense(write_payload(other))


def test_what_a_command_of_a_room_need_not_say_is_none() -> None:
    """So a field that is added changes nothing about commands that do not use it."""
    optional = [
        field.default
        for payload in ROOM_PAYLOADS.values()
        for field in msgspec.structs.fields(payload)
        if not field.required
    ]

    assert set(optional) == {None}


@pytest.mark.parametrize("name", BATCHES)
def test_events_signals_and_answers_of_a_newer_release_are_read(name: str) -> None:
    batch, decode = BATCHES[name]
    items: list[list[Any]] = msgspec.msgpack.decode(msgspec.msgpack.encode(batch))
    # What a release leaves out is None; this one comes after all of today's.
    width = len(msgspec.structs.fields(batch[0]))

    body = msgspec.msgpack.encode([[*item, *[None] * (width - len(item)), NEW] for item in items])

    assert decode(body) == batch


@pytest.mark.parametrize(("key", "fact"), FACTS, ids=[key for key, _ in FACTS])
def test_a_fact_of_a_newer_release_is_read(key: str, fact: Any) -> None:
    said = msgspec.msgpack.decode(msgspec.msgpack.encode(fact)) | {"novelty": NEW}

    assert decode_fact(key, msgspec.msgpack.encode(said)) == fact


@pytest.mark.parametrize("name", BODIES)
def test_an_internal_call_of_a_newer_release_is_read(name: str) -> None:
    body, read, expected = BODIES[name]

    assert read(json.dumps(json.loads(body) | {"novelty": NEW}).encode()) == expected


def test_what_a_newer_release_left_in_the_log_is_read() -> None:
    shown = MemberShown(
        person=PersonShown(kind=ALICE.kind, id=ALICE.id, name=ALICE.name), role=RoomRole.MEMBER
    )
    stored = shown.model_dump(mode="json") | {"novelty": NEW}

    assert TypeAdapter(MemberShown).validate_json(json.dumps(stored)) == shown
