"""The web client's files: found, cached, secured, and never in the way of the API."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from libs.common.json_schema import written
from services.gateway.api.documents import DOCUMENTS, find
from services.gateway.api.site import Site, read_files

SCRIPT = "console.log('hello');\n" * 50


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("the api")(scope, receive, send)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Hubbub</title>")
    (tmp_path / "assets" / "index-B3x9.js").write_text(SCRIPT)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "data.bin").write_bytes(b"\0\1")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Site(read_files(folder), api, find=find))
    return httpx.AsyncClient(transport=transport, base_url="http://chat.example:8000")


@pytest.mark.parametrize("path", ["/", "/rooms/42", "/rooms/a.b", "/index.html", "/v10/x"])
async def test_every_page_is_the_index(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Hubbub" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/v1", "/v1/rooms", "/healthz", "/readyz", "/openapi.json"])
async def test_the_api_is_left_alone(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).text == "the api"


async def test_hashed_files_are_cached_for_ever(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/index-B3x9.js")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.text == SCRIPT


async def test_the_service_worker_is_asked_for_anew_each_time(folder: Path) -> None:
    (folder / "sw.js").write_text(SCRIPT)
    transport = httpx.ASGITransport(Site(read_files(folder), api, find=find))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        answer = await client.get("/sw.js")

    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_an_asset_that_is_gone_is_not_the_index(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/index-OLD1.js")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_a_known_file_is_not_sent_again(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/favicon.svg")).headers["etag"]

    answer = await client.get("/favicon.svg", headers={"if-none-match": f'"other", {etag}'})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag


async def test_text_is_packed_for_those_who_can_unpack_it(client: httpx.AsyncClient) -> None:
    path = "/assets/index-B3x9.js"

    packed = await client.get(path, headers={"accept-encoding": "gzip"})
    plain = await client.get(path, headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == SCRIPT
    assert int(packed.headers["content-length"]) < len(SCRIPT)
    assert packed.headers["vary"] == "accept-encoding"


async def test_what_packing_does_not_shrink_stays_plain(folder: Path) -> None:
    files = read_files(folder)

    assert files["/favicon.svg"].packed is None
    assert files["/data.bin"].media_type == "application/octet-stream"
    assert gzip.decompress(files["/assets/index-B3x9.js"].packed or b"") == SCRIPT.encode()


@pytest.mark.parametrize("path", ["/", "/assets/gone.js", "/favicon.svg"])
async def test_every_answer_is_secured(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'self'",
        "connect-src 'self' ws://chat.example:8000 wss://chat.example:8000",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_a_strange_host_does_not_get_into_the_policy(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"host": "x; script-src *"})

    assert "connect-src 'self';" in answer.headers["content-security-policy"]


async def test_behind_tls_it_stays_tls(folder: Path) -> None:
    transport = httpx.ASGITransport(Site(read_files(folder), api, find=find))
    async with httpx.AsyncClient(transport=transport, base_url="https://chat.example") as client:
        answer = await client.get("/")

    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_files_can_only_be_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert (await client.head("/")).content == b""


@pytest.mark.parametrize("path", ["/../secret", "/assets/..%2f..%2fsecret", "/%00", "//etc/passwd"])
async def test_no_path_leads_out_of_the_folder(
    client: httpx.AsyncClient, folder: Path, path: str
) -> None:
    (folder.parent / "secret").write_text("hunter2")

    assert "hunter2" not in (await client.get(path)).text


async def test_without_a_built_client_there_are_no_pages(tmp_path: Path) -> None:
    files = read_files(tmp_path / "nowhere")
    transport = httpx.ASGITransport(Site(files, api, find=find))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        assert (await client.get("/")).status_code == 404


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_documents_of_the_protocol_are_answered_with_a_tag(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    again = await client.get(path, headers={"if-none-match": answer.headers["etag"]})

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.text == written(DOCUMENTS[path]())
    assert again.status_code == 304
