"""Another product with its own log-in: answers whose its tokens are, and publishes its keys."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER: Final = "https://product.example"
AUDIENCE: Final = "chat"
CLIENT: Final = ("hubbub", "a secret between the two")


@dataclass(slots=True)
class Product:
    """`tokens` are those that are active, with what is said of them; `asked` counts questions."""

    url: str = ""
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0
    is_broken: bool = False
    key: ECKey = field(default_factory=lambda: new_key("2026"))

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return the settings of auth that asks about each token."""
        return {
            "introspection_issuer": ISSUER,
            "introspection_url": f"{self.url}/introspect",
            "introspection_client_id": CLIENT[0],
            "introspection_client_secret": CLIENT[1],
        } | more

    def settings_for_signed(self) -> dict[str, Any]:
        return {
            "introspection_issuer": ISSUER,
            "introspection_jwks_url": f"{self.url}/jwks",
            "introspection_audience": AUDIENCE,
        }

    def sign(
        self,
        claims: dict[str, Any],
        *,
        key: Any = None,
        algorithm: str = "ES256",
        **header: Any,
    ) -> str:
        """Return a token as the product signs it, or somebody else with another key."""
        head = {"alg": algorithm, "kid": self.key.kid} | header
        return jwt.encode(head, claims, key or self.key, algorithms=[algorithm])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked += 1
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status, said = self._answer(head, body.decode())
        content = json.dumps(said).encode()
        writer.write(
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        writer.close()

    def _answer(self, head: str, body: str) -> tuple[str, Any]:
        if self.is_broken:
            return "500 Internal Server Error", {}
        if head.startswith("GET /jwks "):
            return "200 OK", KeySet([self.key]).as_dict(private=False)
        credentials = base64.b64encode(":".join(CLIENT).encode()).decode()
        if not head.startswith("POST /introspect ") or f"Basic {credentials}" not in head:
            return "401 Unauthorized", {}
        (token,) = parse_qs(body)["token"]
        return "200 OK", self.tokens.get(token, {"active": False})


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@asynccontextmanager
async def product() -> AsyncIterator[Product]:
    """A product on this machine."""
    made = Product()
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made
