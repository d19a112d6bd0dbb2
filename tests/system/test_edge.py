"""The one public port: every path has one owner, and every answer keeps the same rules."""

import asyncio
import re
from collections import Counter
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from hubbub_client.frames import Json
from tests.support.shapes import Shape
from tests.system.people import PASSWORD, Person, anonymous
from tests.system.wire import WAIT_S

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

SERVICES: Final = ("auth", "rooms", "messages", "presence")

INTERNAL: Final = (
    "/internal/people",
    "/internal/revocations",
    "/internal/access",
    "/internal/acquaintances",
    "/internal/attach",
    "/internal/rooms-of",
    "/internal/events",
    "/internal/heads",
    "/internal/online",
    "/internal/blocks",
    "/internal/chosen",
    "/metrics",
)

DETOURS: Final = ("{path}", "/{path}", "/v1{path}", "/v1/auth/..{path}", "/v1/auth/%2e%2e{path}")

ALWAYS: Final = {
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

CHANGES: Final = (
    ("PATCH", "/v1/me", {"name": "Mallory"}),
    ("POST", "/v1/rooms", {"kind": "public", "title": "Trap"}),
    ("POST", "/v1/rooms/{room}/messages", {"client_msg_id": "trap", "content": "Trap"}),
    ("PUT", "/v1/presence", {"state": "away"}),
)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def documents(stranger: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The paths of each service's OpenAPI document."""
    return {
        service: (await stranger.get(f"/openapi/{service}.json")).json()["paths"]
        for service in SERVICES
    }


async def raw_status(program: Shape, method: str, path: str, bearer: str = "") -> int:
    """Return the status of a request whose path goes out as it is written."""
    reader, writer = await asyncio.open_connection(urlsplit(program.url).hostname, program.port)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {bearer}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    )
    writer.write(head.encode())
    async with asyncio.timeout(WAIT_S):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1])


class TestPaths:
    async def test_no_path_has_two_owners(self, documents: dict[str, dict[str, Any]]) -> None:
        shapes = Counter(
            re.sub(r"\{\w+\}", "{}", path) for paths in documents.values() for path in paths
        )

        assert [path for path, count in shapes.items() if count > 1] == []

    @pytest.mark.parametrize("service", SERVICES)
    async def test_every_path_is_answered_by_its_owner(
        self, stranger: httpx.AsyncClient, documents: dict[str, dict[str, Any]], service: str
    ) -> None:
        operations = [
            (method, path, known)
            for path, methods in documents[service].items()
            for method, known in methods.items()
        ]

        lost = []
        for method, path, known in operations:
            answer = await stranger.request(method, re.sub(r"\{\w+\}", str(uuid4()), path))
            # Who does not own a path says 404, or 405 if it owns the path for other methods. Its
            # owner may say 404 too, where strangers ask.
            strangers = {404} if "security" not in known and "404" in known["responses"] else set()
            if answer.status_code in {404, 405} - strangers:
                lost.append(f"{method} {path}: {answer.status_code}")

        assert operations
        assert lost == []

    @pytest.mark.parametrize(
        "path", ["/v1", "/v1/nothing", "/v1/auth/nothing", "/v1/rooms/x/y/z", "/openapi/us.json"]
    )
    async def test_what_nobody_owns_is_not_found(
        self, stranger: httpx.AsyncClient, path: str
    ) -> None:
        answer = await stranger.get(path)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    async def test_a_page_of_the_web_client_is_no_answer_of_the_api(
        self, stranger: httpx.AsyncClient
    ) -> None:
        answer = await stranger.get("/rooms/42")

        assert answer.status_code in (200, 404)
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


class TestInside:
    @pytest.mark.parametrize("path", INTERNAL)
    async def test_nothing_internal_can_be_reached_from_outside(
        self, program: Shape, bob: Person, path: str
    ) -> None:
        statuses = {
            await raw_status(program, "POST", detour.format(path=path), bearer)
            for detour in DETOURS
            for bearer in ("", bob.token)
        }

        assert statuses <= {404, 405}

    async def test_no_page_shows_the_metrics(self, stranger: httpx.AsyncClient) -> None:
        answer = await stranger.get("/metrics")

        assert "chat_" not in answer.text

    async def test_the_internal_port_has_probes_and_metrics_and_no_door_to_a_service(
        self, program: Shape, bob: Person
    ) -> None:
        async with anonymous(program.inside) as http:
            probes = [await http.get(path) for path in ("/healthz", "/readyz", "/metrics")]
            doors = [
                await http.post(path, json={}, headers=bob.bearer)
                for path in INTERNAL
                if path != "/metrics"
            ]

        assert [probe.status_code for probe in probes] == [200, 200, 200]
        assert "chat_gateway_" in probes[2].text
        assert {door.status_code for door in doors} == {404}


class TestAnswers:
    @pytest.mark.parametrize(
        "path",
        ["/v1/me", "/v1/rooms", "/v1/me/unread", "/v1/presence", "/v1/nothing", "/healthz"],
    )
    async def test_every_answer_is_json_for_nobody_to_keep(self, bob: Person, path: str) -> None:
        answer = await bob.call("GET", path)

        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers

    @pytest.mark.parametrize(("method", "path", "body"), CHANGES)
    @pytest.mark.parametrize("origin", ["https://evil.example", "null"])
    async def test_a_foreign_page_changes_nothing(
        self, bob: Person, room: str, method: str, path: str, body: Json, origin: str
    ) -> None:
        answer = await bob.call(method, path.format(room=room), body, headers={"origin": origin})

        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
        assert "access-control-allow-origin" not in answer.headers

    @pytest.mark.parametrize(
        ("method", "path", "body", "field"),
        [
            ("PATCH", "/v1/me", {"name": "Bob"}, "system_role"),
            ("PATCH", "/v1/me", {"name": "Bob"}, "id"),
            ("POST", "/v1/rooms", {"kind": "public", "title": "Own"}, "owner_id"),
            ("POST", "/v1/rooms", {"kind": "public", "title": "Own"}, "id"),
            ("POST", "/v1/rooms/{room}/messages", {"client_msg_id": "a", "content": "A"}, "seq"),
            ("POST", "/v1/rooms/{room}/messages", {"client_msg_id": "a", "content": "A"}, "author"),
            ("PUT", "/v1/rooms/{room}/read", {"seq": 1}, "person_id"),
            ("PUT", "/v1/presence", {"state": "away"}, "person_id"),
        ],
    )
    async def test_nobody_writes_what_is_the_servers_to_write(
        self, bob: Person, room: str, method: str, path: str, body: Json, field: str
    ) -> None:
        answer = await bob.call(method, path.format(room=room), {**body, field: "x"})

        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert list(answer.json()["fields"]) == [field]

    async def test_nobody_registers_with_a_role(self, stranger: httpx.AsyncClient) -> None:
        body = {"email": "eve@example.org", "password": PASSWORD, "name": "Eve"}

        answer = await stranger.post("/v1/auth/register", json={**body, "system_role": "owner"})

        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY

    async def test_addresses_and_secrets_of_others_are_in_no_answer(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        await alice.write(room, "Hello")
        answers = [
            await bob.call("GET", path)
            for path in (
                "/v1/users",
                f"/v1/users/{alice.id}",
                f"/v1/rooms/{room}",
                f"/v1/rooms/{room}/members",
                f"/v1/rooms/{room}/messages",
                f"/v1/rooms/{room}/events",
                f"/v1/presence?user_ids={alice.id}",
            )
        ]

        assert {answer.status_code for answer in answers} == {200}
        everything = " ".join(answer.text for answer in answers)
        for secret in (alice.email, "email", '"password', "argon2", "hbr_", "127.0.0.1"):
            assert secret not in everything

    @pytest.mark.parametrize(
        ("content", "content_type", "status"),
        [
            (b'{"name": "<script>', "application/json", 400),
            (b'{"name": "\xff"}', "application/json", 400),
            (b'{"name": "<script>' + b"x" * 300_000 + b'"}', "application/json", 413),
            (b'{"name": "<script>"}', "text/plain", 415),
            (b'{"name": {"<script>": 1}}', "application/json", 422),
            (rb'{"name": "a\u0000b"}', "application/json", 422),
        ],
        ids=["cut off", "not utf-8", "too large", "not json", "wrong type", "nul"],
    )
    async def test_a_bad_body_is_refused_without_repeating_it(
        self,
        bob: Person,
        stranger: httpx.AsyncClient,
        content: bytes,
        content_type: str,
        status: int,
    ) -> None:
        answer = await stranger.patch(
            "/v1/me", content=content, headers={"content-type": content_type, **bob.bearer}
        )

        assert answer.status_code == status
        assert {"code", "message", "retryable"} <= answer.json().keys()
        assert "script" not in answer.text
        assert "Traceback" not in answer.text
