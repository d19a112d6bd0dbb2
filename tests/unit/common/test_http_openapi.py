"""The document says what the code does."""

from enum import StrEnum
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from libs.common.contracts.ids import RoomId
from libs.common.errors import Conflict
from libs.common.http.endpoint import Endpoint, IdempotencyKey
from libs.common.http.openapi import document
from libs.common.http.people import ANYONE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Limit, Page, Reply
from tests.unit.common.web import Site, browser


class Kind(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class TitleTaken(Conflict):
    code = "title_taken"


class CreateRoom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    kind: Kind = Kind.PUBLIC


class Room(BaseModel):
    id: RoomId
    kind: Kind


class Waiting(BaseModel):
    status: str


class Rooms:
    async def create(
        self, body: CreateRoom, caller: Caller, key: IdempotencyKey
    ) -> Reply[Room | Waiting]:
        """Create a room.

        More that only programmers need.
        """
        raise NotImplementedError

    async def browse(self, limit: Limit = DEFAULT_LIMIT, kind: Kind | None = None) -> Page[Room]:
        """List rooms."""
        raise NotImplementedError

    async def delete(self, room_id: RoomId) -> None:
        """Delete a room."""

    async def picture(self, room_id: RoomId) -> Response:
        """Show a room's picture."""
        raise NotImplementedError

    async def door(self, room_id: RoomId) -> Response:
        """Return JSON that is there already."""
        raise NotImplementedError


ROOMS = Rooms()
ENDPOINTS = [
    Endpoint("POST", "/v1/rooms", ROOMS.create, status=201, also=(200,), errors=(TitleTaken,)),
    Endpoint("GET", "/v1/rooms", ROOMS.browse, admits=ANYONE, summary="Browse"),
    Endpoint("DELETE", "/v1/rooms/{room_id}", ROOMS.delete, admits={"user", "bot"}),
    Endpoint("GET", "/v1/rooms/{room_id}/picture", ROOMS.picture),
    Endpoint("GET", "/v1/rooms/{room_id}/door", ROOMS.door, answers=Waiting),
]


@pytest.fixture
def api() -> dict[str, Any]:
    return document(ENDPOINTS, service="rooms")


def codes(operation: dict[str, Any], status: str) -> list[str]:
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    found = schema["allOf"][1]["properties"]["code"]["enum"]
    assert isinstance(found, list)
    return found


def test_the_document_is_valid_openapi(api: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(api).validate()


def test_schemas_are_named_by_their_classes(api: dict[str, Any]) -> None:
    assert set(api["components"]["schemas"]) == {
        "CreateRoom", "Kind", "Page_Room_", "Problem", "Room", "Waiting",
    }  # fmt: skip


def test_a_body_and_its_answers_are_described(api: dict[str, Any]) -> None:
    create = api["paths"]["/v1/rooms"]["post"]

    assert create["operationId"] == "Rooms_create"
    assert create["summary"] == "Create a room."
    assert create["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/CreateRoom"
    }
    for status in ("200", "201"):
        assert create["responses"][status]["content"]["application/json"]["schema"] == {
            "anyOf": [
                {"$ref": "#/components/schemas/Room"},
                {"$ref": "#/components/schemas/Waiting"},
            ]
        }


def test_a_ready_answer_is_described_where_its_endpoint_does(api: dict[str, Any]) -> None:
    door, picture = (
        api["paths"][f"/v1/rooms/{{room_id}}/{part}"]["get"]["responses"]["200"]
        for part in ("door", "picture")
    )

    assert door["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Waiting"}
    assert "content" not in picture


def test_every_refusal_is_listed_by_its_code(api: dict[str, Any]) -> None:
    create = api["paths"]["/v1/rooms"]["post"]

    assert codes(create, "409") == ["title_taken"]
    assert codes(create, "401") == ["unauthenticated"]
    assert codes(create, "403") == ["forbidden", "foreign_origin", "insufficient_scope"]
    assert {"400", "408", "413", "415", "422", "500", "503", "504"} <= set(create["responses"])
    assert "404" not in create["responses"]
    assert codes(api["paths"]["/v1/rooms/{room_id}"]["delete"], "404") == ["not_found"]


def test_parameters_say_where_they_go_and_what_they_may_be(api: dict[str, Any]) -> None:
    browse = {p["name"]: p for p in api["paths"]["/v1/rooms"]["get"]["parameters"]}
    create = api["paths"]["/v1/rooms"]["post"]["parameters"]
    delete = api["paths"]["/v1/rooms/{room_id}"]["delete"]["parameters"]

    assert browse["limit"]["schema"] | {"title": ""} == {
        "type": "integer", "minimum": 1, "maximum": 100, "default": 50, "title": "",
    }  # fmt: skip
    assert browse["limit"]["required"] is False
    assert browse["kind"]["schema"]["anyOf"][0]["enum"] == ["public", "private"]
    assert (create[0]["name"], create[0]["in"]) == ("Idempotency-Key", "header")
    assert create[0]["required"] is True
    assert (delete[0]["in"], delete[0]["schema"]["format"]) == ("path", "uuid")


def test_who_may_call_is_said(api: dict[str, Any]) -> None:
    browse = api["paths"]["/v1/rooms"]["get"]
    delete = api["paths"]["/v1/rooms/{room_id}"]["delete"]

    assert "security" not in browse
    assert "401" not in browse["responses"]
    assert delete["security"] == [{"bearer": []}]
    assert delete["x-admits"] == ["bot", "user"]


def test_an_answer_without_a_body_has_no_schema(api: dict[str, Any]) -> None:
    delete = api["paths"]["/v1/rooms/{room_id}"]["delete"]["responses"]
    picture = api["paths"]["/v1/rooms/{room_id}/picture"]["get"]["responses"]

    assert delete["204"] == {"description": "No Content"}
    assert picture["200"] == {"description": "OK"}


def test_a_summary_may_be_given_instead_of_the_docstring(api: dict[str, Any]) -> None:
    assert api["paths"]["/v1/rooms"]["get"]["summary"] == "Browse"


def test_what_every_service_has_is_not_in_the_document(api: dict[str, Any]) -> None:
    assert list(api["paths"]) == sorted({endpoint.path for endpoint in ENDPOINTS})


async def test_the_document_is_served_to_anybody(api: dict[str, Any]) -> None:
    async with browser(Site(*ENDPOINTS).public()) as stranger:
        answer = await stranger.get("/openapi.json")

    assert answer.json() == api


async def test_an_empty_app_has_a_valid_document_too() -> None:
    OpenAPIV31SpecValidator(document([], service="none")).validate()
