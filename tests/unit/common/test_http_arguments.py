"""A handler's annotations say where its arguments come from."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from starlette.datastructures import QueryParams
from starlette.requests import Request

from libs.common.contracts.ids import RoomId
from libs.common.http.endpoint import ClientAddress, Endpoint, IdempotencyKey
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit
from tests.unit.common.web import AS_ALICE, ROOM, Said, Site, browser, call


class Kind(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class Tag(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=5)


class CreateRoom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=20)
    kind: Kind = Kind.PUBLIC
    opens_at: datetime | None = None
    owner: UUID | None = None
    seats: int = 1
    side: Literal[Kind.PUBLIC, Kind.PRIVATE] = Kind.PUBLIC
    password: Annotated[SecretStr, Field(min_length=4)] | None = None
    seats_named: Annotated[list[str], Field(min_length=2)] | None = None
    tags: list[Tag] = []
    names: dict[str, Tag] = {}

    @field_validator("title")
    @classmethod
    def _decent(cls, title: str) -> str:
        if title == "rude":
            raise ValueError("must be decent")
        return title


async def find(room_id: RoomId) -> Said:
    """Find a room."""
    return Said(heard=repr(room_id))


async def create(body: CreateRoom) -> Said:
    """Create a room."""
    return Said(heard=repr(body))


async def browse(
    q: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor | None = None,
    kinds: Annotated[tuple[Kind, ...], Field(max_length=2)] = (),
    is_open: bool = False,
) -> Said:
    """Browse rooms."""
    return Said(heard=f"{q} {limit} {cursor} {[str(kind) for kind in kinds]} {is_open}")


FIND = Endpoint("GET", "/v1/rooms/{room_id}", find)
CREATE = Endpoint("POST", "/v1/rooms", create, status=201)
BROWSE = Endpoint("GET", "/v1/rooms", browse)


async def fields_of(endpoint: Endpoint, path: str, **more: Any) -> dict[str, str]:
    answer = await call(endpoint, endpoint.method, path, **more)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    fields = answer.json()["fields"]
    assert isinstance(fields, dict)
    return fields


async def test_a_part_of_the_path_becomes_its_type() -> None:
    answer = await call(FIND, "GET", f"/v1/rooms/{ROOM}")

    assert answer.json() == {"heard": repr(ROOM)}


@pytest.mark.parametrize("part", ["7", "not-a-uuid", "%00", "%F0%9F%98%80"])
async def test_an_id_that_cannot_be_one_is_not_found(part: str) -> None:
    answer = await call(FIND, "GET", f"/v1/rooms/{part}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_text_in_the_path_may_be_any_that_can_be_stored() -> None:
    async def react(emoji: str) -> Said:
        """React."""
        return Said(heard=emoji)

    endpoint = Endpoint("PUT", "/v1/reactions/{emoji}", react)

    assert (await call(endpoint, "PUT", "/v1/reactions/%F0%9F%98%80")).json() == {"heard": "😀"}
    assert (await call(endpoint, "PUT", "/v1/reactions/a%00b")).status_code == 404


async def test_query_parameters_have_defaults() -> None:
    assert (await call(BROWSE, "GET", "/v1/rooms")).json() == {"heard": "None 50 None [] False"}


async def test_query_parameters_become_their_types() -> None:
    answer = await call(
        BROWSE, "GET", "/v1/rooms?q=tea&limit=100&cursor=x&kinds=public&kinds=private&is_open=true"
    )

    assert answer.json() == {"heard": "tea 100 x ['public', 'private'] True"}


async def test_a_list_may_also_be_given_at_once() -> None:
    answer = await call(BROWSE, "GET", "/v1/rooms?kinds=public,private")

    assert answer.json() == {"heard": "None 50 None ['public', 'private'] False"}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("limit=0", {"limit": "must be at least 1"}),
        ("limit=101", {"limit": "must be at most 100"}),
        ("limit=many", {"limit": "must be a whole number"}),
        ("limit=1&limit=2", {"limit": "is given twice"}),
        ("cursor=", {"cursor": "must have at least 1 characters"}),
        ("kinds=odd", {"kinds.0": "must be one of 'public' or 'private'"}),
        ("kinds=public,public,public", {"kinds": "must have at most 2 items"}),
        ("q=a%00b", {"q": "holds a character that cannot be stored"}),
        ("lmit=5", {"lmit": "is not a known field"}),
        ("%3Cscript%3E=1", {"*": "is not a known field"}),
        ("canary+x=1&canary+x=2", {"*": "is given twice"}),
        ("canary+x=%00", {"*": "holds a character that cannot be stored"}),
    ],
)
async def test_a_wrong_query_parameter_is_named(query: str, fields: dict[str, str]) -> None:
    assert await fields_of(BROWSE, f"/v1/rooms?{query}") == fields


async def test_a_body_becomes_its_model() -> None:
    answer = await call(
        CREATE,
        "POST",
        "/v1/rooms",
        json={"title": "Tea", "kind": "private", "opens_at": "2030-01-31T12:00:00Z", "seats": 3},
    )

    assert answer.status_code == 201
    assert "title='Tea', kind=<Kind.PRIVATE" in answer.json()["heard"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"title": "is required"}),
        ({"title": ""}, {"title": "must have at least 1 characters"}),
        ({"title": "x" * 21}, {"title": "must have at most 20 characters"}),
        ({"title": 7}, {"title": "must be a string"}),
        ({"title": "rude"}, {"title": "must be decent"}),
        ({"title": "Tea", "seats": "7"}, {"seats": "must be a whole number"}),
        ({"title": "Tea", "seats": 1.5}, {"seats": "must be a whole number"}),
        ({"title": "Tea", "seats": True}, {"seats": "must be a whole number"}),
        ({"title": "Tea", "owner": "me"}, {"owner": "must be a UUID"}),
        ({"title": "Tea", "kind": "odd"}, {"kind": "must be one of 'public' or 'private'"}),
        ({"title": "Tea", "side": "odd"}, {"side": "must be one of 'public' or 'private'"}),
        ({"title": "Tea", "password": "abc"}, {"password": "must have at least 4 characters"}),
        ({"title": "Tea", "seats_named": ["a"]}, {"seats_named": "must have at least 2 items"}),
        ({"title": "Tea", "is_admin": True}, {"is_admin": "is not a known field"}),
        ({"title": "Tea", "a b": True}, {"*": "is not a known field"}),
        (
            {"title": "Tea", "tags": [{"name": "teapot"}]},
            {"tags.0.name": "must have at most 5 characters"},
        ),
        ({"title": "Tea", "tags": [{"name": "a", "id": 1}]}, {"tags.0.id": "is not a known field"}),
        ({"title": "Tea", "names": {"<b>": {}}}, {"names.*.name": "is required"}),
        (
            {"seats": "x", "opens_at": "soon"},
            {
                "title": "is required",
                "seats": "must be a whole number",
                "opens_at": "must be a time like 2030-01-31T12:00:00Z",
            },
        ),
        ([], {"body": "must be an object"}),
    ],
)
async def test_a_wrong_field_is_named_by_its_dotted_path(
    body: object, fields: dict[str, str]
) -> None:
    assert await fields_of(CREATE, "/v1/rooms", json=body) == fields


async def test_what_was_sent_is_never_repeated() -> None:
    canary = "canary-4711"
    body = {"title": canary * 9, "kind": canary, "owner": canary, f"{canary} x": 1, "seats": canary}

    answer = await call(CREATE, "POST", "/v1/rooms", json=body)

    assert answer.status_code == 422
    assert canary not in answer.text


async def test_an_idempotency_key_is_handed_over() -> None:
    async def post(key: IdempotencyKey) -> Said:
        """Post."""
        return Said(heard=key)

    endpoint = Endpoint("POST", "/v1/posts", post)

    answer = await call(
        endpoint, "POST", "/v1/posts", headers=AS_ALICE | {"idempotency-key": "a-B_9"}
    )
    assert answer.json() == {"heard": "a-B_9"}
    missing = await call(endpoint, "POST", "/v1/posts")
    assert missing.json()["fields"] == {"Idempotency-Key": "must be 1 to 64 of A-Z a-z 0-9 _ -"}


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "a;b"])
async def test_an_odd_idempotency_key_is_refused_even_where_none_is_needed(key: str) -> None:
    async def post(key: IdempotencyKey | None) -> Said:
        """Post."""
        return Said(heard=str(key))

    endpoint = Endpoint("POST", "/v1/posts", post)

    answer = await call(endpoint, "POST", "/v1/posts", headers=AS_ALICE | {"idempotency-key": key})
    assert answer.status_code == 422
    assert (await call(endpoint, "POST", "/v1/posts")).json() == {"heard": "None"}


async def test_a_handler_may_ask_for_address_request_and_raw_query() -> None:
    async def receive(address: ClientAddress, request: Request, params: QueryParams) -> Said:
        """Receive whatever comes."""
        body = await request.body()
        return Said(heard=f"{address} {body!r} {params['any thing']}")

    answer = await call(
        Endpoint("POST", "/v1/hooks", receive), "POST", "/v1/hooks?any+thing=1", content=b"\xff"
    )

    assert answer.json() == {"heard": "192.0.2.7 b'\\xff' 1"}


async def test_a_literal_path_wins_over_a_part_of_any_name() -> None:
    async def search() -> Said:
        """Search."""
        return Said(heard="search")

    site = Site(FIND, Endpoint("GET", "/v1/rooms/search", search))

    async with browser(site.public(), headers=AS_ALICE) as alice:
        assert (await alice.get("/v1/rooms/search")).json() == {"heard": "search"}
