"""The documents that are committed are those that the code gives."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from libs.common.http.openapi import Problem
from libs.common.json_schema import Schema, written
from services.schemas.writing import ASYNCAPI, BODIES, CODES, HEARD, SAID, documents, write
from tests.support.schemas import FOLDER, RELEASED


@pytest.fixture(scope="module")
def made() -> Mapping[str, Schema]:
    return documents()


@pytest.mark.parametrize("name", [ASYNCAPI, SAID, HEARD, BODIES, CODES])
def test_the_schemas_are_what_make_docs_writes(made: Mapping[str, Schema], name: str) -> None:
    assert (FOLDER / name).read_text() == written(made[name]), "run `make docs`"


def test_nothing_else_lies_beside_them(made: Mapping[str, Schema]) -> None:
    assert {path.name for path in FOLDER.iterdir() if path != RELEASED} == made.keys()


def test_bodies_of_all_services_are_in_one_document(made: Mapping[str, Schema]) -> None:
    bodies = made[BODIES]["$defs"]

    assert {"SignedIn", "NewRoom", "MessageItem", "PersonPresence", "Problem"} <= bodies.keys()
    assert bodies["Page_RoomShown_"]["properties"]["items"]["items"] == {
        "$ref": "#/$defs/RoomShown"
    }


OF_LOG_INS = {"challenge", "methods"}
"""What only a log-in or a step-up is refused with, and neither goes over a socket."""


def test_a_refusal_has_the_same_members_over_http_and_in_a_frame(
    made: Mapping[str, Schema],
) -> None:
    frame = made[HEARD]["$defs"]["ErrorFrame"]["properties"]["data"]

    assert frame["properties"].keys() == Problem.model_fields.keys() - OF_LOG_INS
    assert frame["required"] == made[BODIES]["$defs"]["Problem"]["required"]


def test_every_document_is_written_into_the_folder(
    made: Mapping[str, Schema], tmp_path: Path
) -> None:
    paths = list(write(tmp_path))

    assert {path.name: json.loads(path.read_text()) for path in paths} == made
