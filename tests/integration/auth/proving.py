"""What people prove who they are with, beside their passwords."""

import base64
from dataclasses import dataclass
from typing import Any, Self

import httpx

from services.auth.core.factors.totp import STEP_S, code_at
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.authenticator import Passkey

HOST = "chat.example.org"
SITE = f"https://{HOST}"
"""Where passkeys are possible."""


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app of somebody, and the recovery codes that came with it."""

    town: Town
    seed: bytes
    recovery_codes: list[str]

    @classmethod
    async def of(cls, person: SignedInPerson, town: Town) -> Self:
        """Add one to somebody's account."""
        seed = await offered(person)
        confirmed = await person.post(
            "/v1/auth/totp/confirm", json={"code": code_at(seed, step_now(town))}
        )
        assert confirmed.status_code == 200, confirmed.text
        return cls(town, seed, confirmed.json()["recovery_codes"])

    def code(self, *, steps: int = 0) -> str:
        """Return the code of now, or of some steps later."""
        return code_at(self.seed, step_now(self.town) + steps)

    async def next_code(self) -> str:
        """Wait for a code that was not used yet."""
        await self.town.clock.advance(STEP_S)
        return self.code()


def step_now(town: Town) -> int:
    return int(town.clock.now() // STEP_S)


async def offered(person: SignedInPerson) -> bytes:
    """Return a seed that was offered and waits for its first code."""
    answer = await person.post("/v1/auth/totp")
    assert answer.status_code == 200, answer.text
    return base64.b32decode(answer.json()["secret"])


async def finish(
    auth: Instance, challenge: str, *, address: str = "192.0.2.7", **proof: Any
) -> httpx.Response:
    """Go on with a log-in; `proof` is a `code` or a `passkey`."""
    stranger = await auth.client(address=address)
    body = {"challenge": challenge} | proof
    return await stranger.post("/v1/auth/login/second-factor", json=body)


async def challenge_of(auth: Instance, person: SignedInPerson, **options: Any) -> str:
    """Log in as far as a password gets."""
    answer = await auth.log_in(person.email, **options)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    return str(answer.json()["challenge"])


async def log_in_with_code(
    auth: Instance, person: SignedInPerson, code: str, **options: Any
) -> httpx.Response:
    """Log in with the password and a code."""
    address = options.get("address", "192.0.2.7")
    challenge = await challenge_of(auth, person, **options)
    return await finish(auth, challenge, address=address, code=code)


async def add_passkey(
    person: SignedInPerson, passkey: Passkey, *, name: str = "Phone"
) -> httpx.Response:
    """Try to add a passkey to somebody's account."""
    asked = await person.post("/v1/auth/passkeys/options")
    assert asked.status_code == 200, asked.text
    said = asked.json()
    body = {
        "challenge_id": said["challenge_id"],
        "credential": passkey.create(said["options"]),
        "name": name,
    }
    return await person.post("/v1/auth/passkeys", json=body)


async def signed_by(
    client: httpx.AsyncClient, path: str, passkey: Passkey, **body: Any
) -> dict[str, Any]:
    """Return a passkey's answer to what `path` asks."""
    asked = await client.post(path, json=body) if body else await client.post(path)
    assert asked.status_code == 200, asked.text
    said = asked.json()
    return {
        "challenge_id": said["challenge_id"],
        "credential": passkey.get(said["options"]),
    }


async def log_in_by_passkey(auth: Instance, passkey: Passkey, **more: Any) -> httpx.Response:
    """Try to log in with nothing but a passkey."""
    stranger = await auth.client()
    answer = await signed_by(stranger, "/v1/auth/login/passkey/options", passkey)
    return await stranger.post("/v1/auth/login/passkey", json=answer | more)


async def letters(auth: Instance, kind: str) -> list[str]:
    """Return to whom letters of a kind were posted, the oldest first."""
    query = "SELECT recipient FROM mail WHERE kind = $1 ORDER BY posted_at, id"
    return [row["recipient"] for row in await auth.database.fetch(query, kind)]


async def acts(auth: Instance, kind: str) -> list[str]:
    """Return the outcomes of all acts of a kind, the oldest first."""
    query = "SELECT outcome FROM audit WHERE kind = $1 ORDER BY id"
    return [row["outcome"] for row in await auth.database.fetch(query, kind)]
