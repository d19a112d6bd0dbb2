"""The AsyncAPI document says what the gateway does, in the words of AsyncAPI."""

import json
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from libs.common.json_schema import Schema
from services.gateway.api.asyncapi import described
from services.gateway.api.examples import HEARD, SAID
from services.gateway.frames.reading import read_frame
from services.gateway.frames.schemas import AnyHeard, heard_by_clients
from tests.support.schemas import closed

OFFICIAL: Final = Path(__file__).parent / "asyncapi/3.0.0.json"


@pytest.fixture(scope="module")
def document() -> Schema:
    return described()


@pytest.fixture(scope="module")
def heard() -> Schema:
    schema: Schema = closed(heard_by_clients())
    return schema


def references(part: Any) -> set[str]:
    """Return where a part of the document points to."""
    if isinstance(part, list):
        return set().union(*map(references, part))
    if not isinstance(part, dict):
        return set()
    here = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
    return here.union(*map(references, part.values()))


def test_it_is_a_document_of_asyncapi(document: Schema) -> None:
    official = Draft7Validator(json.loads(OFFICIAL.read_text()))

    assert [fault.message for fault in official.iter_errors(document)] == []


def test_every_reference_leads_somewhere(document: Schema) -> None:
    for reference in references(document):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]

        assert part


def test_every_frame_is_a_message_of_the_one_channel(document: Schema) -> None:
    names = {f"heard.{model.__name__}" for model in get_args(AnyHeard)}
    messages = document["channels"]["chat"]["messages"].keys()

    assert {name for name in messages if name.startswith("heard.")} == names
    assert document["components"]["messages"].keys() == messages


def test_every_command_has_its_answer_and_may_be_refused(document: Schema) -> None:
    commands = {
        name: [one["$ref"].rpartition("/")[2] for one in operation["reply"]["messages"]]
        for name, operation in document["operations"].items()
        if operation["action"] == "receive"
    }

    assert commands.keys() == {frame["type"] for frame in SAID.values()}
    assert commands["sync"] == ["heard.Events", "heard.ErrorFrame"]
    assert commands["send_message"] == ["heard.Ack", "heard.ErrorFrame"]


def test_what_only_answers_is_not_told_unasked(document: Schema) -> None:
    told = {one["$ref"].rpartition("/")[2] for one in document["operations"]["tell"]["messages"]}

    assert told.isdisjoint({"heard.Ack", "heard.Pong", "heard.Events", "heard.RoomJoined"})
    assert {"heard.MessageFrame", "heard.Resumed", "heard.ErrorFrame", "heard.Gap"} <= told


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_for_an_example_is_read(name: str) -> None:
    assert type(read_frame(json.dumps(SAID[name]).encode())).__name__ == name


@pytest.mark.parametrize("name", HEARD)
def test_what_is_heard_for_an_example_is_what_the_schema_names(heard: Schema, name: str) -> None:
    one = {"$ref": f"#/$defs/{name}", "$defs": heard["$defs"]}

    Draft202012Validator(one).validate(HEARD[name])


def test_examples_keep_to_the_schemas_of_the_document_itself(document: Schema) -> None:
    schemas = document["components"]["schemas"]
    for name, message in document["components"]["messages"].items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}

        Draft7Validator(schema).validate(message["examples"][0]["payload"])


def test_limits_are_those_of_a_gateway_with_no_settings(document: Schema) -> None:
    channel = document["channels"]["chat"]

    assert channel["x-limits"] == HEARD["Hello"]["data"]["limits"]
    assert channel["x-heartbeat-ms"] == HEARD["Hello"]["data"]["heartbeat_ms"]
    assert {"code": 4410, "name": "slow"} in channel["x-close-codes"]
