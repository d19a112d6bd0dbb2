"""What the socket speaks is handed out by whoever speaks it."""

from typing import Final

import httpx
import pytest

from tests.support.schemas import FOLDER

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

PLACES: Final = {
    "/asyncapi.json": "chat.v1.asyncapi.json",
    "/schemas/chat.v1.said.json": "chat.v1.said.json",
    "/schemas/chat.v1.heard.json": "chat.v1.heard.json",
    "/schemas/codes.json": "codes.json",
}


async def test_a_running_server_hands_out_the_documents_that_are_committed(
    stranger: httpx.AsyncClient,
) -> None:
    for path, name in PLACES.items():
        answer = await stranger.get(path)

        assert answer.content == (FOLDER / name).read_bytes(), path
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["etag"]
