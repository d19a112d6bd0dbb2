"""What a log-in leaves behind: an entry in the audit log and, from a new place, a letter."""

import hmac

import structlog

from libs.common.clock import Clock
from libs.common.networks import network_of
from libs.common.postgres import Database
from services.auth.core.letters import shown_time
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import Session
from services.auth.store.audit import note
from services.auth.store.factors.places import is_known, keep
from services.auth.store.mail import post

log = structlog.get_logger()


class Arrivals:
    """Notes log-ins. `key` hides where they came from from whoever reads the database only."""

    def __init__(self, database: Database, *, key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

    async def note(self, account: Account, session: Session, *, is_device_known: bool) -> None:
        """Note a session that was just opened.

        Its owner gets a letter, unless its device or its network is known.
        """
        now = self._clock.now()
        mark = self._mark(session)
        async with self._database.transaction() as connection:
            is_new = not (is_device_known or await is_known(connection, session, mark=mark))
            await keep(connection, account.id, mark=mark, now=now)
            if is_new and account.email:
                letter = _letter(account, session, now)
                await post(connection, letter, account_id=account.id, now=now)
            await note(connection, _act(session, is_new=is_new), now=now)
        log.info("login_succeeded", user_id=account.id, session_id=session.id, is_new_place=is_new)

    def _mark(self, session: Session) -> bytes:
        network = network_of(session.device.address).encode()
        return hmac.digest(self._key, session.account_id.bytes + network, "sha256")


def _letter(account: Account, session: Session, now: float) -> Letter:
    device = session.device
    fields = {"device": device.name, "address": device.address, "at": shown_time(now)}
    return Letter(LetterKind.NEW_DEVICE, account.email, fields)


def _act(session: Session, *, is_new: bool) -> Act:
    return Act(
        kind=Kind.SESSION_OPENED,
        actor_id=session.account_id,
        subject_id=session.account_id,
        outcome="done",
        address=session.device.address,
        session_id=session.id,
        details={"proved_by": "+".join(session.proved_by), "is_new_place": is_new},
    )
