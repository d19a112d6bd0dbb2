"""Acts: what the audit log keeps of who did what to whom, and what came of it.

An act holds ids and numbers. Names and network addresses are kept beside it, where they can be
erased; tokens, passwords and e-mail addresses are kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from libs.common.contracts.ids import PersonId, SessionId


class Kind(StrEnum):
    """What was done, in the past tense. Clients filter by these: none is ever renamed."""

    ACCOUNT_REGISTERED = "account.registered"
    ACCOUNT_RENAMED = "account.renamed"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ROLE_CHANGED = "role.changed"
    LOGIN_FAILED = "login.failed"
    SESSION_OPENED = "session.opened"
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    TOKEN_REUSED = "token.reused"  # noqa: S105 - a kind of act
    RATE_LIMITED = "rate.limited"
    POLICY_CHANGED = "policy.changed"
    INVITE_MADE = "invite.made"
    INVITE_USED = "invite.used"
    INVITE_REVOKED = "invite.revoked"
    AUDIT_EXPORTED = "audit.exported"
    SESSION_PROVED = "session.proved"
    PROOF_REFUSED = "proof.refused"
    TOTP_ADDED = "totp.added"
    TOTP_REMOVED = "totp.removed"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    RECOVERY_CODE_USED = "recovery_code.used"
    SECOND_FACTORS_FORGOTTEN = "second_factors.forgotten"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    EMAIL_CHANGED = "email.changed"
    EMAIL_VERIFIED = "email.verified"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a kind of act
    PASSWORD_RESET = "password.reset"  # noqa: S105 - a kind of act
    TOKEN_MADE = "token.made"  # noqa: S105 - a kind of act
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a kind of act
    TOKEN_FOUND = "token.found"  # noqa: S105 - a kind of act
    BOT_MADE = "bot.made"
    BOT_RENAMED = "bot.renamed"
    BOT_RETIRED = "bot.retired"
    EXPORT_ASKED = "export.asked"
    EXPORT_FETCHED = "export.fetched"
    ERASURE_ASKED = "erasure.asked"
    ERASURE_TAKEN_BACK = "erasure.taken_back"
    ERASURE_BEGUN = "erasure.begun"
    ERASURE_FINISHED = "erasure.finished"


Outcome = Literal["done", "refused"]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `actor_id` is who did it, None for a stranger or the server itself; `subject_id` is
    whose account it was done to. `address` is the network address it came from. `details` are ids,
    numbers and words of ours.
    """

    kind: Kind
    actor_id: PersonId | None
    subject_id: PersonId | None
    outcome: Outcome
    address: str | None
    session_id: SessionId | None
    details: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as it stands in the log. The names are those of the time of the act, and None once
    they were erased, as is the address.
    """

    id: int
    at: float
    act: Act
    actor_name: str | None
    subject_name: str | None


@dataclass(frozen=True, slots=True)
class SoughtEntries:
    """Which entries to list: of a kind, by or about a person, from a time on (seconds since 1970);
    what is None does not matter.
    """

    kind: Kind | None
    person_id: PersonId | None
    since: float
