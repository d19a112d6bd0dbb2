"""What is written keeps to the schemas, and nothing that is written is missing in them."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from libs.common.contracts.frames import Ack, ErrorFrame, Frame
from libs.common.json_schema import Schema
from services.gateway.frames.heard import Acked, Refused
from services.gateway.frames.reading import BadFrame, read_frame
from services.gateway.frames.schemas import AnyHeard, heard_by_clients, said
from tests.support.schemas import closed
from tests.unit.gateway.test_reading import GOOD, raw
from tests.unit.schemas.samples import written

FRAMES = {f"{json.loads(frame)['type']}-{at}": frame for at, frame in enumerate(written())}

SAID_TWICE = {Acked: Ack, Refused: ErrorFrame}
"""What the gateway says itself, and whose frames those are on the wire."""


def concrete(frame: type[Frame]) -> Iterator[type[Frame]]:
    """Find the frames that have a type of their own."""
    if frame.model_fields["type"].annotation is not str:
        yield frame
    for special in frame.__subclasses__():
        yield from concrete(special)


@pytest.fixture(scope="module")
def heard() -> Draft202012Validator:
    return Draft202012Validator(heard_by_clients())


@pytest.fixture(scope="module")
def exactly_heard() -> Draft202012Validator:
    schema: Schema = closed(heard_by_clients())
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def sayable() -> Draft202012Validator:
    return Draft202012Validator(said())


def test_every_frame_is_in_the_schema() -> None:
    own = {frame for frame in concrete(Frame) if frame.__module__.startswith(("libs", "services"))}

    assert own - SAID_TWICE.keys() == set(get_args(AnyHeard))


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_frame_says_nothing_but_what_the_schema_names(
    exactly_heard: Draft202012Validator, frame: bytes
) -> None:
    exactly_heard.validate(json.loads(frame))


def test_there_is_a_sample_of_every_type() -> None:
    heard = heard_by_clients()
    types = {
        definition["properties"]["type"]["const"]
        for name, definition in heard["$defs"].items()
        if {"$ref": f"#/$defs/{name}"} in heard["anyOf"]
    }

    assert {json.loads(frame)["type"] for frame in FRAMES.values()} == types


def test_a_member_that_is_missing_is_found(heard: Draft202012Validator) -> None:
    frame = json.loads(FRAMES["hello-0"])
    del frame["data"]["heartbeat_ms"]

    assert not heard.is_valid(frame)


@pytest.mark.parametrize(("type_", "data"), [(type_, data) for type_, data, _ in GOOD])
def test_what_the_gateway_reads_is_in_the_schema(
    sayable: Draft202012Validator, type_: str, data: Any
) -> None:
    sayable.validate(json.loads(raw(type_, data)))


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("dance", {}),
        ("ping", {"loud": True}),
        ("sync", {"room_id": "r1", "after_seq": -1, "limit": 1}),
        ("set_presence", {"state": "asleep"}),
        ("send_message", {"content": "hello"}),
    ],
)
def test_what_the_gateway_refuses_is_not(
    sayable: Draft202012Validator, type_: str, data: Any
) -> None:
    frame = raw(type_, data)

    with pytest.raises(BadFrame):
        read_frame(frame)
    assert not sayable.is_valid(json.loads(frame))
