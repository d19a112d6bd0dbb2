"""People who run the server, and what they do."""

from typing import Any

import httpx

from tests.integration.auth.living import Instance, SignedInPerson


async def owner(auth: Instance, name: str = "Alice", **more: Any) -> SignedInPerson:
    """Make the first owner, with the link that the start has shown."""
    token = auth.links[-1].partition("#token=")[2]
    return await auth.register(name, owner_token=token, **more)


async def change(by: SignedInPerson, whom: SignedInPerson, **wish: Any) -> httpx.Response:
    """Ask for a change of somebody's account."""
    return await by.client.patch(f"/v1/admin/users/{whom.id}", json=wish)


async def hire(
    auth: Instance, alice: SignedInPerson, name: str, role: str = "admin", **more: Any
) -> SignedInPerson:
    """Make an account for somebody and give it a role."""
    person = await auth.register(name, **more)
    answer = await change(alice, person, system_role=role)
    assert answer.status_code == 200, answer.text
    return person


async def invited(by: SignedInPerson) -> str:
    """Make an invitation that is good for one, and return what its link holds."""
    answer = await by.post("/v1/admin/invites", json={})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"]).partition("#invite=")[2]


async def entries(by: SignedInPerson, **sought: Any) -> list[dict[str, Any]]:
    """Return the newest entries of the audit log."""
    answer = await by.get("/v1/admin/audit", **sought)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found
