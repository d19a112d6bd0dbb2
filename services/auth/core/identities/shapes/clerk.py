"""News of people as Clerk writes them: `data` is a whole user, or only an id when they are gone.

Times are milliseconds. A deletion has none of its own and is dated by the webhook, so it is newer
than any change before it. Clerk never gives an id again.

See: https://clerk.com/docs/guides/development/webhooks/overview
"""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from services.auth.model.identities import MAX_SUBJECT_CHARS, Identity, News, NewsKind, Shown

KINDS: Final = frozenset(NewsKind)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Kind(_Part):
    type: str


class _Verification(_Part):
    status: str = ""


class _Address(_Part):
    id: str
    email_address: str
    verification: _Verification | None = None


class _User(_Part):
    id: str = Field(min_length=1, max_length=MAX_SUBJECT_CHARS)
    email_addresses: tuple[_Address, ...] = ()
    primary_email_address_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    updated_at: int | None = None


class _Event(_Part):
    type: NewsKind
    data: _User


def read(body: bytes, *, issuer: str, sent_at: float) -> News | None:
    """Return the news, or None for an event of another kind.  Raises: ValidationError."""
    if _Kind.model_validate_json(body).type not in KINDS:
        return None
    event = _Event.model_validate_json(body)
    user = event.data
    address = _primary(user)
    shown = Shown(
        identity=Identity(issuer, user.id),
        email=address.email_address if address else None,
        is_verified=_is_verified(address),
        name=" ".join(filter(None, (user.first_name, user.last_name))) or user.username,
    )
    updated_at = sent_at if user.updated_at is None else user.updated_at / 1_000
    return News(kind=event.type, shown=shown, updated_at=updated_at)


def _primary(user: _User) -> _Address | None:
    wanted = user.primary_email_address_id
    return next((one for one in user.email_addresses if one.id == wanted), None)


def _is_verified(address: _Address | None) -> bool:
    verification = address.verification if address else None
    return verification is not None and verification.status == "verified"
