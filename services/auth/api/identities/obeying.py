"""Does here what a source tells of its people."""

import structlog

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from libs.common.errors import Invalid
from services.auth.api.identities.joining import new_account
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import email_key, name_key
from services.auth.core.identities.joining import NAMELESS, usable_email, usable_name
from services.auth.core.identities.news import Step, is_newer, step
from services.auth.core.letters import shown_time
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.identities import LinkedIdentity, News
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import EndReason
from services.auth.store.identities.identities import IdentityStore, registered
from services.auth.store.identities.news import HeldNews, NewsStore

log = structlog.get_logger()

BY_WEBHOOK = "webhook"


class Obeying:
    """Makes, changes and disables accounts as their source says."""

    def __init__(self, news: NewsStore, identities: IdentityStore, around: Surroundings) -> None:
        self._news = news
        self._identities = identities
        self._around = around

    async def obey(self, news: News, id_hash: bytes) -> str:
        """Do what news come to, once, and return what that was in a word.

        Raises: Conflict, when somebody else took the address in this very moment.
        """
        name = await self._name(news)
        ending = self._around.endings.ending(EndReason.ACCOUNT_DISABLED)
        ended: list[SessionId] = []
        now = self._around.clock.now()
        async with self._news.obeying(id_hash, news, now=now) as held:
            if held is None:
                return "repeated"
            todo = step(news, held.heard, has_account=held.account is not None)
            if is_newer(news, held.heard):
                await held.keep()
            match todo, held.account:
                case Step.MAKE, None:
                    await self._make(held, news, name or NAMELESS)
                case Step.CHANGE, Account() as account:
                    await self._change(held, account, news, name)
                case Step.LEAVE, Account() as account:
                    ended = await held.leave(account.id, _leaving(account.id), ending=ending)
        if held.account is not None:
            self._around.endings.note(ended, held.account.id, ending=ending)
        return todo.value

    async def _name(self, news: News) -> str | None:
        """Return the name somebody gets, or None if they keep theirs."""
        name = usable_name(news.shown)
        if name is None:
            return None
        account = await self._identities.holder(news.shown.identity)
        try:
            await self._around.naming.check(
                name,
                account_id=account.id if account else None,
                is_staff=account is not None and account.system_role != SystemRole.MEMBER,
            )
        except Invalid:
            return None
        return name

    async def _make(self, held: HeldNews, news: News, name: str) -> None:
        """Make an account, unless it has no address, or somebody has that: they link it then."""
        email = usable_email(news.shown)
        if email is None or await held.is_taken(email_key(email)):
            log.info("webhook_made_no_account", has_email=email is not None)
            return
        chance, now = self._around.chance, self._around.clock.now()
        new = new_account(
            PersonId(chance.new_id()), email=email, name=name, is_verified=news.shown.is_verified
        )
        linked = LinkedIdentity(
            id=chance.new_id(),
            identity=news.shown.identity,
            account_id=new.id,
            email=email,
            is_source=True,
            linked_at=now,
        )
        await held.make(new, linked, registered(new, address=None, by=BY_WEBHOOK))

    async def _change(self, held: HeldNews, account: Account, news: News, name: str | None) -> None:
        if name is not None and name != account.name:
            act = _act(Kind.ACCOUNT_RENAMED, account.id)
            await held.rename(account, name, name_key=name_key(name), act=act)
        email = usable_email(news.shown)
        is_meant = held.is_source and news.shown.is_verified
        if email is None or email == account.email or not is_meant:
            return
        at = shown_time(self._around.clock.now())
        is_done = await held.move(
            account,
            email,
            email_key=email_key(email),
            act=_act(Kind.EMAIL_CHANGED, account.id),
            letter=Letter(LetterKind.EMAIL_CHANGED, account.email, {"at": at}),
        )
        if not is_done:
            log.info("webhook_email_taken", user_id=account.id)


def _leaving(account_id: PersonId) -> tuple[Act, ...]:
    return (
        _act(Kind.IDENTITY_UNLINKED, account_id),
        _act(Kind.ACCOUNT_DISABLED, account_id),
    )


def _act(kind: Kind, account_id: PersonId) -> Act:
    return Act(
        kind=kind,
        actor_id=None,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=None,
        details={"by": BY_WEBHOOK},
    )
