"""The owners' page of letters: those that were shown because there is no mail server."""

from typing import Final

from libs.common.contracts.people import SystemRole
from libs.common.errors import Forbidden, Invalid
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.times import rfc3339
from services.auth.api.bodies import Body
from services.auth.api.mail.rendering import Rendering
from services.auth.model.letters import LetterKind
from services.auth.store.accounts import AccountStore
from services.auth.store.mail import MailStore, WaitingLetter

NEWEST: Final = 2**63 - 1
"""Before every letter that there will be."""


class LetterShown(Body):
    """A letter that nobody was sent."""

    id: str
    to: str
    kind: LetterKind
    subject: str
    text: str
    posted_at: str


class OwnersMailApi:
    """The endpoint that lists letters."""

    def __init__(self, store: MailStore, rendering: Rendering, *, accounts: AccountStore) -> None:
        self._store = store
        self._rendering = rendering
        self._accounts = accounts

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/v1/admin/mail", self.listed, errors=(Forbidden,))]

    async def listed(
        self, caller: Caller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor | None = None
    ) -> Page[LetterShown]:
        """Return the letters that no mail server was there to send, newest first; for owners."""
        account = await self._accounts.find(caller.id)
        if account.system_role is not SystemRole.OWNER:
            raise Forbidden
        before_id = NEWEST if cursor is None else _place(cursor)
        found = await self._store.shown(before_id=before_id, limit=limit + 1)
        page = found[:limit]
        return Page(
            items=[self._shown(waiting) for waiting in page],
            next_cursor=str(page[-1].id) if len(found) > limit else None,
        )

    def _shown(self, waiting: WaitingLetter) -> LetterShown:
        written = self._rendering.written(waiting.letter)
        return LetterShown(
            id=str(waiting.id),
            to=waiting.letter.to,
            kind=waiting.letter.kind,
            subject=written.subject,
            text=written.text,
            posted_at=rfc3339(waiting.posted_at),
        )


def _place(cursor: str) -> int:
    """Return the letter behind which a list goes on.  Raises: Invalid, on `cursor`."""
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= NEWEST):
        raise Invalid(fields={"cursor": "is not valid"})
    return int(cursor)
