"""What clients get about providers and identities."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.auth.api.bodies import Body
from services.auth.settings.identity import Provider

Invite = Annotated[str, Field(max_length=100)]
"""Ours have 43 characters; it travels in a cookie, which has little room."""


class ProviderShown(Body):
    """A provider at which one can log in."""

    name: str
    title: str

    @classmethod
    def of(cls, provider: Provider) -> "ProviderShown":
        return cls(name=provider.name, title=provider.title)


class ProvidersShown(Body):
    """In the order in which they are offered."""

    providers: list[ProviderShown]


class IdentityShown(Body):
    """An identity that opens the caller's account. `provider` is null when it is offered no longer;
    `title` says whose it is in any case.
    """

    id: UUID
    provider: str | None
    title: str
    email: str | None
    linked_at: str


class InvitedLogin(Body):
    """`invite` is what the link of an invitation to this server holds."""

    invite: Invite


class Departure(Body):
    """`location` is the address at the provider that the browser opens next."""

    location: str
