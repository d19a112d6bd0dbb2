"""News of people as Keycloak writes its events, sent by the extension `keycloak-events`.

    access.*   somebody did it themselves: who is in `authDetails`, what in `details`
    admin.*    an administrator did it: who is in `resourcePath`, what in `representation`, which is
               JSON in a string, and there only if the realm keeps it

Times are milliseconds. An event says what changed, so most of a person may be missing from it.

See: https://github.com/p2-inc/keycloak-events, and "Event types" in Keycloak's server guide.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, Json

from services.auth.model.identities import MAX_SUBJECT_CHARS, Identity, News, NewsKind, Shown

KINDS: Final[Mapping[str, NewsKind]] = {
    "access.REGISTER": NewsKind.CREATED,
    "access.UPDATE_PROFILE": NewsKind.UPDATED,
    "access.VERIFY_EMAIL": NewsKind.UPDATED,
    "access.DELETE_ACCOUNT": NewsKind.DELETED,
    "admin.USER-CREATE": NewsKind.CREATED,
    "admin.USER-UPDATE": NewsKind.UPDATED,
    "admin.USER-DELETE": NewsKind.DELETED,
}

OF_USER: Final = re.compile(r"users/([0-9a-zA-Z-]{1,64})")
"""The path of a person; longer ones are of their roles, groups and credentials."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Kind(_Part):
    type: str


class _Representation(_Part):
    email: str | None = None
    is_verified: bool = Field(default=False, alias="emailVerified")
    first_name: str | None = Field(default=None, alias="firstName")
    last_name: str | None = Field(default=None, alias="lastName")
    username: str | None = None


class _Caller(_Part):
    user_id: str | None = Field(default=None, alias="userId", max_length=MAX_SUBJECT_CHARS)


class _Event(_Part):
    type: str
    time: int
    caller: _Caller = Field(default=_Caller(), alias="authDetails")
    path: str = Field(default="", alias="resourcePath")
    details: dict[str, Any] = Field(default_factory=dict)
    representation: Json[_Representation] | None = None


def read(body: bytes, *, issuer: str, sent_at: float) -> News | None:
    """Return the news, or None for an event of another kind; `sent_at` is not needed here.

    Raises: ValidationError.
    """
    kind = KINDS.get(_Kind.model_validate_json(body).type)
    if kind is None:
        return None
    event = _Event.model_validate_json(body)
    subject = _subject(event)
    if subject is None:
        return None
    told = _told(event)
    shown = Shown(
        identity=Identity(issuer, subject),
        email=told.email,
        is_verified=told.is_verified,
        name=_name(told),
    )
    return News(kind=kind, shown=shown, updated_at=event.time / 1_000)


def _subject(event: _Event) -> str | None:
    if event.type.startswith("access."):
        return event.caller.user_id
    found = OF_USER.fullmatch(event.path)
    return found[1] if found else None


def _told(event: _Event) -> _Representation:
    """Return what an event says of its person."""
    if event.representation is not None:
        return event.representation
    said = {name: value for name, value in event.details.items() if isinstance(value, str)}
    return _Representation.model_validate(
        {
            "email": said.get("email"),
            "emailVerified": event.type == "access.VERIFY_EMAIL",
            "firstName": said.get("first_name", said.get("updated_first_name")),
            "lastName": said.get("last_name", said.get("updated_last_name")),
        }
    )


def _name(told: _Representation) -> str | None:
    """Return the name if all of it is known: one half is not what somebody is called."""
    if told.first_name and told.last_name:
        return f"{told.first_name} {told.last_name}"
    return told.username
