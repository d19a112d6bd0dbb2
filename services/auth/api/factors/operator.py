"""The way back in for who has lost all second factors, by whoever runs the server."""

from libs.common.clock import Clock
from libs.common.postgres import Database
from services.auth.core.accounts import email_key
from services.auth.core.letters import shown_time
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.store.accounts import AccountNotFound
from services.auth.store.audit import note
from services.auth.store.factors.forgetting import forget, held_account
from services.auth.store.factors.proofs import outdate_others
from services.auth.store.mail import post


async def forget_factors(database: Database, email: str, *, clock: Clock) -> Account:
    """Take all second factors of the account of this address away, and tell its owner.

    Raises: AccountNotFound, Unavailable.
    """
    now = clock.now()
    async with database.transaction() as connection:
        account = await held_account(connection, email_key(email))
        if account is None:
            raise AccountNotFound
        await forget(connection, account.id)
        await outdate_others(connection, account.id, but=None)
        what = "all second factors were taken away by whoever runs the server"
        fields = {"what": what, "at": shown_time(now)}
        letter = Letter(LetterKind.SECOND_FACTOR_CHANGED, account.email, fields)
        await post(connection, letter, account_id=account.id, now=now)
        act = Act(
            kind=Kind.SECOND_FACTORS_FORGOTTEN,
            actor_id=None,
            subject_id=account.id,
            outcome="done",
            address=None,
            session_id=None,
        )
        await note(connection, act, now=now)
    return account
