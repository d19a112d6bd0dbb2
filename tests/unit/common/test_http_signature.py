"""An endpoint that cannot work is found out when the app is built."""

import pytest
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from libs.common.contracts.ids import RoomId
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ANYONE, Caller, CallingService
from libs.common.http.reply import Page
from libs.common.http.signature import read_signature
from tests.unit.common.web import Said, Site


class CreateRoom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str


async def find(room_id: RoomId) -> Said:
    """Find a room."""
    return Said(heard=str(room_id))


async def create(body: CreateRoom) -> Said:
    """Create a room."""
    return Said(heard=body.title)


async def browse() -> Said:
    """Browse rooms."""
    return Said(heard="")


async def no_docstring() -> None:
    pass


async def wants_service(caller: CallingService) -> None:
    """Obey a service."""


async def wants_person(caller: Caller) -> None:
    """Obey a person."""


async def takes_two(first: CreateRoom, second: CreateRoom) -> None:
    """Take two bodies."""


async def takes_open(body: Said) -> None:
    """Take a body that lets anything in."""


async def gives_list() -> list[int]:
    """Give a bare list."""
    return []


def is_no_coroutine() -> None:
    """Block everybody."""


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        (Endpoint("FETCH", "/v1/x", browse), "no such method"),
        (Endpoint("GET", "v1/x", browse), "not a path"),
        (Endpoint("GET", "/v1/x/", browse), "not a path"),
        (Endpoint("GET", "/v1/{other}", find), "do not fit the path"),
        (Endpoint("GET", "/v1/x", no_docstring), "needs a docstring"),
        (Endpoint("GET", "/v1/x", is_no_coroutine), "async function"),  # type: ignore[arg-type]
        (Endpoint("POST", "/v1/x", takes_two), "one body at most"),
        (Endpoint("GET", "/v1/x", create), "none with GET"),
        (Endpoint("POST", "/v1/x", takes_open), "must forbid extra fields"),
        (Endpoint("POST", "/internal/x", create, admits={"rooms"}), "must ignore extra fields"),
        (Endpoint("GET", "/v1/x", gives_list), "may not return"),
        (Endpoint("GET", "/v1/x", wants_person, admits=ANYONE), "the caller may be None"),
    ],
)
def test_an_endpoint_that_cannot_work_is_refused_when_the_app_is_built(
    endpoint: Endpoint, reason: str
) -> None:
    with pytest.raises(TypeError, match=reason):
        read_signature(endpoint)


def test_the_same_endpoint_twice_is_refused() -> None:
    with pytest.raises(TypeError, match="GET /v1/rooms is there twice"):
        Site(Endpoint("GET", "/v1/rooms", browse), Endpoint("GET", "/v1/rooms", browse)).public()


def test_a_public_handler_cannot_ask_for_a_service_nor_an_internal_one_for_a_person() -> None:
    with pytest.raises(TypeError, match="the caller here is a Caller"):
        Site(Endpoint("POST", "/v1/x", wants_service)).public()
    with pytest.raises(TypeError, match="the caller here is a CallingService"):
        Site(Endpoint("POST", "/internal/x", wants_person)).internal()


def test_a_page_and_a_ready_response_may_be_returned() -> None:
    async def page() -> Page[Said]:
        """Give a page."""
        return Page(items=[], next_cursor=None)

    async def download() -> Response:
        """Give a file."""
        return Response(b"")

    assert read_signature(Endpoint("GET", "/v1/x", page)).returns == (Page[Said],)
    assert read_signature(Endpoint("GET", "/v1/x", download)).status == 200
