"""What other services ask auth for over internal HTTP."""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.internal import (
    PeopleAnswer,
    PeopleRequest,
    PersonCard,
    RevocationsAnswer,
    RevokedSession,
)
from libs.common.http.endpoint import Endpoint
from libs.common.tokens.signed import MAX_LEEWAY_S
from services.auth.model.accounts import Account
from services.auth.store.accounts import AccountStore
from services.auth.store.sessions import SessionStore

SERVICES: Final = frozenset({"gateway", "messages", "presence", "rooms"})


class InternalApi:
    """The endpoints of the internal port."""

    def __init__(self, accounts: AccountStore, sessions: SessionStore, *, clock: Clock) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/people", self.people, admits=SERVICES),
            Endpoint("POST", "/internal/revocations", self.revocations, admits=SERVICES),
        ]

    async def people(self, body: PeopleRequest) -> PeopleAnswer:
        """Return who these people are; those unknown are left out."""
        accounts = await self._accounts.find_many(body.person_ids)
        return PeopleAnswer(people=[_card(account) for account in accounts])

    async def revocations(self) -> RevocationsAnswer:
        """Return the ended sessions whose tokens some verifier might still take."""
        ended = await self._sessions.ended(since=self._clock.now() - MAX_LEEWAY_S)
        return RevocationsAnswer(
            sessions=[RevokedSession(session_id=its_id, until=until) for its_id, until in ended]
        )


def _card(account: Account) -> PersonCard:
    return PersonCard(
        id=account.id,
        kind=account.kind,
        name=account.name,
        system_role=account.system_role,
        is_disabled=account.is_disabled,
        version=account.version,
        avatar=account.avatar,
    )
