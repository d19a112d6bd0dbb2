"""News of people as we ask others to write them.

    {"type": "user.updated",
     "data": {"id": "248289761001", "email": "alice@example.org", "email_verified": true,
              "name": "Alice", "updated_at": "2026-01-31T12:00:00Z"}}

`id` is the `sub` that the same person has in ID tokens. `user.deleted` needs `id` and `updated_at`.
What is left out stays as it is.
"""

from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.auth.model.identities import MAX_SUBJECT_CHARS, Identity, News, NewsKind, Shown

KINDS: Final = frozenset(NewsKind)


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str


class _Person(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=MAX_SUBJECT_CHARS)
    email: str | None = None
    email_verified: bool = False
    name: str | None = None
    updated_at: AwareDatetime


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    type: NewsKind
    data: _Person


def read(body: bytes, *, issuer: str, sent_at: float) -> News | None:
    """Return the news, or None for an event of another kind; `sent_at` is not needed here.

    Raises: ValidationError.
    """
    if _Kind.model_validate_json(body).type not in KINDS:
        return None
    event = _Event.model_validate_json(body)
    person = event.data
    shown = Shown(
        identity=Identity(issuer, person.id),
        email=person.email,
        is_verified=person.email_verified,
        name=person.name,
    )
    return News(kind=event.type, shown=shown, updated_at=person.updated_at.timestamp())
