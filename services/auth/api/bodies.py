"""What clients send and get: the JSON of every endpoint.

Requests refuse fields they do not know, so nobody writes their own role or id. Only `AccountShown`
holds an address, and only its owner is shown one.
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.times import rfc3339
from services.auth.core.accounts import clean_email, clean_name
from services.auth.model.accounts import Account, EmailState
from services.auth.model.proofs import Method
from services.auth.model.sessions import Session

MAX_TYPED_CHARS = 1_024
"""No address or password that could be right is longer; what is, costs nobody a hash."""

Email = Annotated[str, AfterValidator(clean_email)]
Name = Annotated[str, AfterValidator(clean_name)]
Typed = Annotated[str, Field(max_length=MAX_TYPED_CHARS)]
"""Text that is compared and never kept, so it may be anything."""


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Registration(Body):
    """Address, password and name may be any text here: what is wrong with them is said in one go.

    `cookie`: keep the refresh token in a cookie instead of the answer. `owner_token` comes from the
    link that the first start of a server shows, `invite` from an invitation's.
    """

    email: str
    password: Typed
    name: str
    cookie: bool = False
    device: Name | None = None
    owner_token: Typed | None = None
    invite: Typed | None = None


class Login(Body):
    """`device` is what the session is called in its owner's list."""

    email: Typed
    password: Typed
    cookie: bool = False
    device: Name | None = None


class Refresh(Body):
    """Without a token the cookie is taken."""

    refresh_token: Typed | None = None


class Profile(Body):
    """What is left out stays as it is."""

    name: Name | None = None


class UserShown(Body):
    """What everybody may know of a user."""

    id: PersonId
    kind: PersonKind
    name: str
    system_role: SystemRole
    is_disabled: bool
    avatar: str | None

    @classmethod
    def of(cls, account: Account) -> "UserShown":
        return cls(
            id=account.id,
            kind=account.kind,
            name=account.name,
            system_role=account.system_role,
            is_disabled=account.is_disabled,
            avatar=account.avatar,
        )


class AccountShown(Body):
    """What a user is told of their own account."""

    id: PersonId
    kind: PersonKind
    name: str
    email: str
    email_verified: bool
    has_password: bool
    system_role: SystemRole
    avatar: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, account: Account) -> "AccountShown":
        return cls(
            id=account.id,
            kind=account.kind,
            name=account.name,
            email=account.email,
            email_verified=account.email_state is EmailState.PROVED,
            has_password=account.has_password,
            system_role=account.system_role,
            avatar=account.avatar,
            created_at=rfc3339(account.created_at),
            updated_at=rfc3339(account.updated_at),
        )


class SignedIn(Body):
    """`expires_in` is in seconds. The refresh token went into the cookie."""

    user: AccountShown
    access_token: str
    expires_in: int


class SignedInWithToken(SignedIn):
    """As asked for without a cookie."""

    refresh_token: str


class SessionShown(Body):
    """One device on which an account is logged in. `current` is the one that asks; `proved_by` is
    what its log-in showed.
    """

    id: SessionId
    name: str
    address: str
    created_at: str
    last_used_at: str
    expires_at: str
    current: bool
    proved_by: list[Method]

    @classmethod
    def of(cls, session: Session, *, current: SessionId | None) -> "SessionShown":
        return cls(
            id=session.id,
            name=session.device.name,
            address=session.device.address,
            created_at=rfc3339(session.created_at),
            last_used_at=rfc3339(session.used_at),
            expires_at=rfc3339(session.expires_at),
            current=session.id == current,
            proved_by=list(session.proved_by),
        )
