"""Tokens and bots, as their owners make them, and what another service is told of them."""

from collections.abc import Sequence
from typing import Any

import httpx

from libs.common.tokens.api_tokens import hashed
from tests.integration.auth.living import Instance, SignedInPerson

INTERNAL = 1
READING = ("messages:read", "profile")


async def new_token(
    owner: SignedInPerson,
    scopes: Sequence[str] = READING,
    *,
    bot: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Make a token of the owner's or of a bot's; `more` are members of the body."""
    path = "/v1/tokens" if bot is None else f"/v1/bots/{bot}/tokens"
    body = {"name": "Script", "scopes": list(scopes)} | more
    answer = await owner.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def new_bot(owner: SignedInPerson, name: str = "Robot") -> str:
    """Make a bot and return its id."""
    answer = await owner.post("/v1/bots", json={"name": name})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def whose(auth: Instance, *tokens: str) -> list[Any]:
    """Return what another service is told of these tokens."""
    rooms = await auth.client(listener=INTERNAL, authorization="Bearer rooms")
    body = {"api_tokens": [hashed(token).hex() for token in tokens]}
    answer = await rooms.post("/internal/introspections", json=body)
    assert answer.status_code == 200, answer.text
    told: list[Any] = answer.json()["api_tokens"]
    return told


async def program(auth: Instance, token: str) -> httpx.AsyncClient:
    """Return a client that shows an API token."""
    return await auth.bearing(token)
