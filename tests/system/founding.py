"""How the first owner of a running Hubbub is made: many want to be, and one becomes it."""

import asyncio
from dataclasses import dataclass
from typing import Final

from hubbub_client.api import Api
from hubbub_client.frames import Refused
from tests.support.shapes import Shape
from tests.system.people import PASSWORD, Person, anonymous

AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Founding:
    """What became of those who used the link at once, and who became the owner."""

    token: str
    outcomes: list[str]
    owner: Person


async def claim(program: Shape, name: str, token: str) -> str:
    """Try to become the owner; return the role that came of it, or the code of the refusal."""
    async with Api(program.url) as api:
        try:
            tokens = await api.register(_address(name), PASSWORD, name.title(), owner_token=token)
        except Refused as refusal:
            return refusal.code
        return str(tokens.user["system_role"])


async def found(program: Shape) -> Founding:
    """Let many use the link at once, and log in as the one who became the owner."""
    token = program.owner_token
    names = [f"person-{at}" for at in range(AT_ONCE)]
    outcomes = await asyncio.gather(*(claim(program, name, token) for name in names))
    email = _address(names[outcomes.index("owner")])
    owner = Person(Api(program.url), anonymous(program.url), program.socket_url, email)
    try:
        await owner.api.log_in(email, PASSWORD)
    except Refused:
        await owner.close()
        raise
    return Founding(token, outcomes, owner)


def _address(name: str) -> str:
    return f"{name}@example.org"
