"""Shows letters where there is no mail server: to whoever runs the server, and to owners.

A letter with a link is what somebody waits for, so it is said once, where the owner's link was
said; others are only kept for the owners' page. Whoever sees a link can use it in its person's
place: so can whoever runs the server in any case.
"""

from collections.abc import Callable

import structlog

from libs.common.clock import Clock
from services.auth.api.mail.rendering import Rendering
from services.auth.store.mail import MailStore, WaitingLetter

log = structlog.get_logger()

Say = Callable[[str], None]
"""Says a text to whoever runs the server, and to nobody else."""


class Showing:
    """Takes letters to the terminal."""

    def __init__(
        self,
        store: MailStore,
        say: Say,
        *,
        rendering: Rendering,
        taken_s: float,
        clock: Clock,
    ) -> None:
        self._store = store
        self._say = say
        self._rendering = rendering
        self._taken_s = taken_s
        self._clock = clock

    async def show_waiting(self) -> None:
        """Show all letters that were not shown yet.  Raises: Unavailable."""
        now = self._clock.now()
        while waiting := await self._store.take(now=now, until=now + self._taken_s):
            await self._store.note_shown(waiting.id, now=now)
            if "link" in waiting.letter.fields:
                self._say(self._shown(waiting))
            log.info(
                "letter_shown",
                letter_id=waiting.id,
                kind=waiting.letter.kind,
                user_id=waiting.account_id,
            )

    def _shown(self, waiting: WaitingLetter) -> str:
        letter = waiting.letter
        subject = self._rendering.written(letter).subject
        return f'No mail server is set. For {letter.to}, "{subject}": {letter.fields["link"]}'
