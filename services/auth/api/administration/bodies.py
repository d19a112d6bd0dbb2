"""What those who run the server send and get."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from libs.common.times import rfc3339, rfc3339_if
from services.auth.api.bodies import Body, Email, UserShown
from services.auth.api.identities.bodies import ProviderShown
from services.auth.core.admission import MAX_DOMAINS, clean_domain
from services.auth.model.acts import Entry, Kind, Outcome
from services.auth.model.administration import Administered
from services.auth.model.admission import Invite, Policy, RegistrationMode

DAY_S = 86_400

Domain = Annotated[str, Field(max_length=254), AfterValidator(clean_domain)]


class AccountAdministered(UserShown):
    """An account as those see it who run the server. `sessions` are open at the moment;
    `last_used_at` is null where none is remembered.
    """

    email: str | None
    created_at: str
    last_used_at: str | None
    sessions: int

    @classmethod
    def of_administered(cls, one: Administered) -> "AccountAdministered":
        return cls(
            **dict(UserShown.of(one.account)),
            email=one.account.email or None,
            created_at=rfc3339(one.account.created_at),
            last_used_at=rfc3339_if(one.last_used_at),
            sessions=one.sessions,
        )


class AccountChange(Body):
    """What is left out stays as it is."""

    system_role: SystemRole | None = None
    disabled: bool | None = None


class PolicyShown(Body):
    """Who may make an account, and of which domains their addresses must be; empty: of any."""

    registration: RegistrationMode
    domains: list[str]

    @classmethod
    def of(cls, policy: Policy) -> "PolicyShown":
        return cls(registration=policy.registration, domains=list(policy.domains))


class RegistrationShown(Body):
    """What a page has to know on which people make an account. `mail`: their address will have to
    be proved.
    """

    mode: RegistrationMode
    mail: bool
    domains: list[str]
    providers: list[ProviderShown]


class PolicyChange(Body):
    """What is left out stays as it is."""

    registration: RegistrationMode | None = None
    domains: Annotated[list[Domain], Field(max_length=MAX_DOMAINS)] | None = None


class NewInvite(Body):
    """With an `email`, and a mail server, the link is sent there; the address is not kept."""

    max_uses: int = Field(default=1, ge=1, le=10_000)
    expires_in_s: int = Field(default=7 * DAY_S, ge=60, le=365 * DAY_S)
    email: Email | None = None


class InviteShown(Body):
    """`state` says why nobody is let in with it any more."""

    id: UUID
    made_by: PersonId
    max_uses: int
    uses: int
    created_at: str
    expires_at: str
    state: Literal["good", "used_up", "expired", "revoked"]

    @classmethod
    def of(cls, invite: Invite, *, now: float) -> "InviteShown":
        return cls(
            id=invite.id,
            made_by=invite.made_by,
            max_uses=invite.max_uses,
            uses=invite.uses,
            created_at=rfc3339(invite.made_at),
            expires_at=rfc3339(invite.expires_at),
            state=_state(invite, now),
        )


class InviteMade(InviteShown):
    """The one answer that holds the link. `is_sent`: it was also sent by e-mail."""

    link: str
    is_sent: bool


class PersonNoted(Body):
    """A person in the audit log. The name is that of the time, null once it was erased."""

    id: PersonId
    name: str | None


class EntryShown(Body):
    """One entry of the audit log."""

    id: int
    at: str
    kind: Kind
    outcome: Outcome
    actor: PersonNoted | None
    subject: PersonNoted | None
    address: str | None
    session_id: SessionId | None
    details: dict[str, str | int | bool]

    @classmethod
    def of(cls, entry: Entry) -> "EntryShown":
        act = entry.act
        return cls(
            id=entry.id,
            at=rfc3339(entry.at),
            kind=act.kind,
            outcome=act.outcome,
            actor=_person(act.actor_id, entry.actor_name),
            subject=_person(act.subject_id, entry.subject_name),
            address=act.address,
            session_id=act.session_id,
            details=dict(act.details),
        )


def _person(person_id: PersonId | None, name: str | None) -> PersonNoted | None:
    return None if person_id is None else PersonNoted(id=person_id, name=name)


def _state(invite: Invite, now: float) -> Literal["good", "used_up", "expired", "revoked"]:
    if invite.is_revoked:
        return "revoked"
    if invite.uses >= invite.max_uses:
        return "used_up"
    return "good" if invite.expires_at > now else "expired"
