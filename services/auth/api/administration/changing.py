"""What those who run the server do to an account: each act with its rule, its entry in the audit
log and its letter, in one transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from libs.common.errors import Forbidden
from libs.common.http.people import Caller
from services.auth.api.administration.bodies import AccountChange
from services.auth.api.surroundings import Surroundings
from services.auth.core.letters import shown_time
from services.auth.core.roles import check_act, check_owner_kept, check_role, is_loss
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.administration import AdministrationStore, Held

log = structlog.get_logger()

SHOWN: Mapping[SystemRole, str] = {
    SystemRole.OWNER: "you are an owner now",
    SystemRole.ADMIN: "you are an admin now",
    SystemRole.MEMBER: "you are a member now",
}
"""What a letter says of a new role."""


Ended = tuple[list[SessionId], Ending]
"""Sessions that were ended, and how."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and from which network address."""

    caller: Caller
    address: str


class AccountChanges:
    """Changes the accounts of others."""

    def __init__(self, store: AdministrationStore, around: Surroundings) -> None:
        self._store = store
        self._around = around

    async def make(self, user_id: PersonId, change: AccountChange, by: By) -> None:
        """Make the whole change or nothing of it.

        Raises: AccountNotFound, Forbidden, LastOwner.
        """
        ended: list[Ended] = []
        with _told_of_refusals(user_id, by):
            async with self._store.lock(by.caller.id, user_id) as held:
                role, is_disabled = change.system_role, change.disabled
                if role is not None and role is not held.target.system_role:
                    ended.append(await self._give(held, role, by))
                if is_disabled is not None and is_disabled is not held.target.is_disabled:
                    ended.append(await self._shut(held, by, is_disabled=is_disabled))
        for session_ids, ending in ended:
            self._around.endings.note(session_ids, user_id, ending=ending)
        self._around.mailbox.posted.set()

    async def log_out(self, user_id: PersonId, by: By) -> None:
        """End all sessions of an account.  Raises: AccountNotFound, Forbidden."""
        ending = self._around.endings.ending(EndReason.ENDED_BY_ADMIN)
        with _told_of_refusals(user_id, by):
            async with self._store.lock(by.caller.id, user_id) as held:
                check_act(held.actor, held.target)
                ended = await held.log_out(ending=ending)
                details = {"sessions": len(ended)}
                await held.note(_act(Kind.SESSIONS_ENDED, held, by, details), now=self._now())
        self._around.endings.note(ended, user_id, ending=ending)

    async def _give(self, held: Held, role: SystemRole, by: By) -> Ended:
        check_role(held.actor, held.target, role, owners=held.owners)
        now, before = self._now(), held.target.system_role
        ending = self._around.endings.ending(EndReason.ROLE_LOST)
        ended = await held.log_out(ending=ending) if is_loss(before, role) else []
        await held.set_role(role, now=now)
        details = {"from": before, "to": role}
        await held.note(_act(Kind.ROLE_CHANGED, held, by, details), now=now)
        if held.target.email:
            fields = {"what": SHOWN[role], "at": shown_time(now)}
            letter = Letter(LetterKind.ROLE_CHANGED, held.target.email, fields)
            await held.write(letter, now=now)
        return ended, ending

    async def _shut(self, held: Held, by: By, *, is_disabled: bool) -> Ended:
        check_act(held.actor, held.target)
        now, ending = self._now(), self._around.endings.ending(EndReason.ACCOUNT_DISABLED)
        if not is_disabled:
            await held.enable(now=now)
            await held.note(_act(Kind.ACCOUNT_ENABLED, held, by, {}), now=now)
            return [], ending
        check_owner_kept(held.target.id, owners=held.owners)
        ended = await held.disable(ending=ending, now=now)
        details = {"sessions": len(ended)}
        await held.note(_act(Kind.ACCOUNT_DISABLED, held, by, details), now=now)
        return ended, ending

    def _now(self) -> float:
        return self._around.clock.now()


def _act(kind: Kind, held: Held, by: By, details: Mapping[str, str | int | bool]) -> Act:
    return Act(
        kind=kind,
        actor_id=held.actor.id,
        subject_id=held.target.id,
        outcome="done",
        address=by.address,
        session_id=by.caller.session_id,
        details=details,
    )


@contextmanager
def _told_of_refusals(user_id: PersonId, by: By) -> Iterator[None]:
    """Log who tried what they may not; it is not stored, or the log could be filled by trying."""
    try:
        yield
    except Forbidden:
        log.warning("administration_refused", user_id=by.caller.id, subject_id=user_id)
        raise
