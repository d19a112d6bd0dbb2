"""A guest's token is good for one room, whatever an endpoint forgets to ask."""

from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, ConfigDict

from libs.common.contracts.ids import RoomId
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ANYONE, PEOPLE, Caller
from tests.unit.common.web import AS_ALICE, AS_GUEST, ROOM, call


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    content: str


async def write(room_id: RoomId, body: Words, caller: Caller) -> None:
    """Write into a room, without a look at whose it is."""


async def search(caller: Caller, room_id: RoomId | None = None) -> None:
    """Search everywhere, or in a room."""


async def look(room_id: RoomId, caller: Caller | None) -> None:
    """Look at a room, whoever one is."""


WRITE = Endpoint("POST", "/v1/rooms/{room_id}/messages", write, admits=PEOPLE)
SEARCH = Endpoint("GET", "/v1/search", search, admits=PEOPLE)
LOOK = Endpoint("GET", "/v1/rooms/{room_id}", look, admits=ANYONE)
OTHER = UUID(int=7, version=4)


@pytest.mark.parametrize("spelled", [str(ROOM), ROOM.hex])
async def test_a_guest_is_let_into_the_own_room(spelled: str) -> None:
    path = f"/v1/rooms/{spelled}/messages"

    answer = await call(WRITE, "POST", path, headers=AS_GUEST, json={"content": "Hello"})

    assert answer.status_code == 204


@pytest.mark.parametrize("room", [str(OTHER), OTHER.hex, "none"])
async def test_a_guest_finds_no_other_room(room: str) -> None:
    answers = [
        await call(WRITE, "POST", f"/v1/rooms/{room}/messages", headers=AS_GUEST, json={}),
        await call(LOOK, "GET", f"/v1/rooms/{room}", headers=AS_GUEST),
        await call(SEARCH, "GET", f"/v1/search?room_id={room}", headers=AS_GUEST),
        await call(SEARCH, "GET", f"/v1/search?room_id={ROOM}&room_id={room}", headers=AS_GUEST),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (404, "not_found")
    }


async def test_what_is_of_no_room_is_for_the_handler() -> None:
    assert (await call(SEARCH, "GET", "/v1/search", headers=AS_GUEST)).status_code == 204


async def test_everybody_else_goes_where_they_may() -> None:
    path = f"/v1/rooms/{uuid4()}"

    answers = [
        await call(LOOK, "GET", path, headers=AS_ALICE),
        await call(LOOK, "GET", path),
        await call(SEARCH, "GET", f"/v1/search?room_id={uuid4()}", headers=AS_ALICE),
    ]

    assert {answer.status_code for answer in answers} == {204}
