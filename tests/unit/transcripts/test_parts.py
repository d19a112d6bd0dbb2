"""The committed transcripts: what they show, and the parts that are made of them."""

import json
import re
from itertools import pairwise
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from hubbub_client.frames import Json
from libs.common.json_schema import Schema
from services.gateway.api.asyncapi import described
from services.gateway.frames.reading import read_frame
from services.gateway.frames.schemas import heard_by_clients
from tests.support.schemas import closed
from tests.transcripts.notation import (
    FOLDER,
    Heard,
    Line,
    Said,
    Transcript,
    read,
    transcripts,
)
from tests.transcripts.parts import part_of, parts, written

ALL: Final = transcripts()
PAGE: Final = FOLDER.parent / "protocol.md"
FENCED: Final = re.compile(r"## 15\. .*?```\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def heard() -> Draft202012Validator:
    schema: Schema = closed(heard_by_clients())
    return Draft202012Validator(schema)


def test_the_parts_are_what_make_docs_writes() -> None:
    assert (FOLDER / "parts.json").read_text() == written(ALL), "run `make docs`"


def test_the_page_shows_the_transcript_of_a_first_contact_as_it_is() -> None:
    shown = FENCED.search(PAGE.read_text())
    remarks = re.compile(r"^#.*\n", re.MULTILINE)

    assert shown is not None
    assert shown[1] == remarks.sub("", (FOLDER / "first-contact.txt").read_text())


def test_every_transcript_is_named_on_the_page() -> None:
    page = PAGE.read_text()

    assert [one.name for one in ALL if f"{one.name}.txt" not in page] == []


@pytest.fixture(scope="module")
def document() -> Schema:
    return described()


@pytest.mark.parametrize("transcript", ALL, ids=[one.name for one in ALL])
def test_commands_are_answered_as_the_asyncapi_document_says(
    document: Schema, transcript: Transcript
) -> None:
    operations, messages = document["operations"], document["components"]["messages"]
    for said, answer in answered(transcript.lines):
        replies = operations[said["type"]]["reply"]["messages"]
        types = {messages[one["$ref"].rpartition("/")[2]]["name"] for one in replies}

        assert answer["type"] in types


def answered(lines: tuple[Line, ...]) -> list[tuple[Json, Json]]:
    """Return each command with its answer."""
    waiting: dict[tuple[str, str], Json] = {}
    found = []
    for line in lines:
        match line.step:
            case Said(who, {"ref": str(ref)} as frame):
                waiting[who, ref] = frame
            case Heard(who, {"ref": str(ref)} as frame):
                found.append((waiting.pop((who, ref)), frame))
            case _:
                pass
    return found


@pytest.mark.parametrize("part", parts(ALL), ids=[one["transcript"] for one in parts(ALL)])
def test_a_part_is_made_of_whole_frames(part: Json, heard: Draft202012Validator) -> None:
    for step in part["steps"]:
        if step["do"] == "hear":
            heard.validate(step["frame"])
        elif step["do"] == "say":
            said = read_frame(json.dumps(without_rest(step["frame"])).encode())

            assert said.type == step["frame"]["type"]


def without_rest(value: Any) -> Any:
    if isinstance(value, list):
        return [without_rest(part) for part in value]
    if isinstance(value, dict):
        return {key: without_rest(part) for key, part in value.items() if key != "..."}
    return value


@pytest.mark.parametrize("part", parts(ALL), ids=[one["transcript"] for one in parts(ALL)])
def test_the_seqs_of_a_part_have_no_holes(part: Json) -> None:
    """A hole would have to be a gap, or filled by a replay, and a player would fall into it."""
    seqs = [step["frame"]["seq"] for step in part["steps"] if "seq" in step.get("frame", {})]

    assert all(after in (before, before + 1) for before, after in pairwise(seqs))


class TestMaking:
    TEXT = """
(<room> is a public room of Alice's with Bob in it)
(Bob connects)
B< {"type":"hello",...}
A> {"type":"ping","data":{}}
B> {"type":"send_message","ref":"1","data":{"room_id":"<room>","client_msg_id":"k",
    "content":"a",...}}
(Bob's connection is cut)
(Bob connects)
B> {"type":"send_message","ref":"2","data":{"room_id":"<room>","client_msg_id":"k","content":"a"}}
B> {"type":"ping","data":{}}
B< close 1012
"""

    def steps(self) -> list[Json]:
        return list(part_of(read(self.TEXT, name="tea"), "B")["steps"])

    def test_only_what_concerns_the_client_is_in_its_part(self) -> None:
        assert [step["do"] for step in self.steps()] == [
            *("connect", "hear", "say", "cut", "connect", "say", "say", "close")
        ]

    def test_a_person_writes_a_message_once_and_the_client_repeats_it(self) -> None:
        assert [step["by"] for step in self.steps() if step["do"] == "say"] == [
            *("person", "itself", "itself")
        ]

    def test_what_is_left_open_stays_open_where_it_is_said(self) -> None:
        first = next(step["frame"] for step in self.steps() if step["do"] == "say")

        assert first["data"]["..."] is True
        assert "<" not in first["data"]["room_id"]
