"""A server of the personnel that tells of Zoe by webhook, and what became of her here."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from services.auth.settings.identity import IdentitySettings
from tests.integration.auth.living import Instance, SignedInPerson
from tests.support.clock import TEN_O_CLOCK

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEXT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ISSUER = "https://id.example.org"

HR = {"name": "hr", "issuer": ISSUER, "secrets": [SECRET]}
CLERK = {"name": "clerk", "issuer": "https://clerk.example.org", "shape": "clerk"}
KEYCLOAK = {"name": "keycloak", "issuer": "https://kc.example.org", "shape": "keycloak"}
SHARED = "a shared secret of keycloak"

ZOE = ("Zoe", "zoe@example.org", False)


def sources(*entries: dict[str, Any]) -> IdentitySettings:
    return IdentitySettings(webhooks=SecretStr(json.dumps(entries)))


def event(kind: str, at: int = 0, **more: Any) -> str:
    """Return what the server of the personnel tells of Zoe, `at` seconds of its own time."""
    moment = datetime.fromtimestamp(TEN_O_CLOCK - 1_000 + at, UTC).isoformat()
    person: dict[str, Any] = {"id": "zoe-1", "updated_at": moment}
    if kind != "user.deleted":
        person |= {"email": "zoe@example.org", "email_verified": True, "name": "Zoe"} | more
    return json.dumps({"type": kind, "data": person})


def signed(
    body: str, *, webhook_id: str = "", secret: str = SECRET, late_s: int = 0, name: str = "webhook"
) -> dict[str, str]:
    webhook_id = webhook_id or f"msg_{uuid4()}"
    moment = datetime.fromtimestamp(TEN_O_CLOCK - late_s, UTC)
    return {
        f"{name}-id": webhook_id,
        f"{name}-timestamp": str(int(moment.timestamp())),
        f"{name}-signature": Webhook(secret).sign(webhook_id, moment, body),
        "content-type": "application/json",
    }


async def send(
    auth: Instance, body: str, path: str = "/v1/webhooks/identity/hr", **options: Any
) -> httpx.Response:
    sender = await auth.client()
    return await sender.post(path, content=body.encode(), headers=signed(body, **options))


async def people(auth: Instance) -> list[tuple[str, str, bool]]:
    """Return name, address and whether it is disabled of all accounts, oldest first."""
    rows = await auth.database.fetch(
        "SELECT name, email, disabled_at IS NOT NULL AS is_disabled FROM account ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def linked(auth: Instance) -> int:
    return int(await auth.database.fetchval("SELECT count(*) FROM identity"))


async def link(auth: Instance, person: SignedInPerson) -> None:
    """Link Zoe's identity to an account that was made here."""
    await auth.database.execute(
        "INSERT INTO identity (id, issuer, subject, account_id, is_source, linked_at)"
        " VALUES ($1, $2, 'zoe-1', $3, false, now())",
        uuid4(),
        ISSUER,
        UUID(person.id),
    )
