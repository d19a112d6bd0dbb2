"""A provider that says what a test tells it to: what a certified one never would.

It has no page: a test takes `state` and `nonce` out of the address to which a browser was sent, and
brings an answer that it makes up.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT_ID: Final = "hubbub"

Signer = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer over HTTP."""

    body: bytes
    status: str = "200 OK"
    headers: str = ""


@dataclass(slots=True)
class ScriptedProvider:
    """What it says of whoever logs in, and how it signs that; a test changes either."""

    issuer: str
    now: Callable[[], float]
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k-1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Signer | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    nonce: str = ""

    @classmethod
    @asynccontextmanager
    async def running(cls, now: Callable[[], float]) -> AsyncIterator[Self]:
        """Run one on a free port; `now` is its clock."""
        served: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            served.add(task)
            await provider._serve(reader, writer)

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            provider = cls(f"http://127.0.0.1:{port}", now)
            yield provider
            await asyncio.gather(*served)

    def says(self, **claims: Any) -> None:
        """Say this of whoever logs in next; `...` leaves a claim out."""
        self.claims = claims

    def answer_to(self, location: str, **more: str) -> str:
        """Return the address to which this provider would send a browser back."""
        asked = httpx.URL(location).params
        self.nonce = asked["nonce"]
        query = {"code": "c-1", "state": asked["state"], "iss": self.issuer} | more
        return f"{asked['redirect_uri']}?{urlencode(query)}"

    def id_token(self) -> str:
        """Return a token about Alice, with the changes that a test made."""
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "alice-1",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "email": "alice@example.org",
            "email_verified": True,
            "name": "Alice",
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not ...}
        return self.sign(claims) if self.sign else self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        """Return a token as it should be."""
        token: str = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        return token

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.asked.append(path)
        answer = self.answers.get(path) or Answer(json.dumps(self._document(path)).encode())
        writer.write(
            f"HTTP/1.1 {answer.status}\r\ncontent-length: {len(answer.body)}\r\n"
            f"connection: close\r\n{answer.headers}\r\n".encode()
            + answer.body
        )
        while await reader.read(4_096):
            pass
        writer.close()
        await writer.wait_closed()

    def _document(self, path: str) -> object:
        documents: dict[str, Callable[[], object]] = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": lambda: KeySet([self.key]).as_dict(private=False),
            "/token": lambda: {"access_token": "a-1", "id_token": self.id_token()},
            "/userinfo": lambda: {"sub": "alice-1", "email": "alice@example.org"},
        }
        return documents[path]()

    def metadata(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
