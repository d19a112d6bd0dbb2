"""Erasure by whoever runs the server, without a log-in."""

from libs.common.chance import Chance
from libs.common.clock import Clock
from services.auth.core.accounts import email_key
from services.auth.model.acts import Act, Kind
from services.auth.model.erasures import Erasure
from services.auth.model.sessions import Ending, EndReason
from services.auth.settings.general import MAX_ACCESS_LIFE_S
from services.auth.store.accounts import AccountNotFound
from services.auth.store.erasures import ErasureStore


async def erase(store: ErasureStore, email: str, *, clock: Clock, chance: Chance) -> Erasure:
    """Have the account of this address erased; the service begins with it as soon as it runs.

    Raises: AccountNotFound, LastOwner, Unavailable.
    """
    account_id = await store.account_of(email_key(email))
    if account_id is None:
        raise AccountNotFound
    act = Act(
        kind=Kind.ERASURE_ASKED,
        actor_id=None,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=None,
    )
    now = clock.now()
    erasure, _ = await store.ask(
        chance.new_id(),
        account_id,
        by=None,
        act=act,
        ending=Ending(EndReason.ERASED, now, now + MAX_ACCESS_LIFE_S),
        now=now,
        due_at=now,
    )
    return erasure
