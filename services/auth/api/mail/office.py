"""The post office: what happens to letters behind the mailbox.

wish  -> letter, if anybody has that address
letter -> mail server, if there is one, else the terminal and the owners' page
"""

import asyncio
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog

from libs.common.cancelling import end_if_cancelled
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.retry import Backoff
from libs.common.service import Worker
from services.auth.api.mail.composing import Composing
from services.auth.api.mail.owners import OwnersMailApi
from services.auth.api.mail.rendering import Rendering
from services.auth.api.mail.sending import Sending
from services.auth.api.mail.showing import Say, Showing
from services.auth.api.mail.wishes import Wishes
from services.auth.api.surroundings import Surroundings
from services.auth.store.links import LinkStore
from services.auth.store.mail import MailStore
from services.auth.store.wishes import WishStore

log = structlog.get_logger()


class PostOffice:
    """Grants wishes, sends letters or shows them, and forgets old ones."""

    def __init__(self, around: Surroundings, *, say: Say) -> None:
        self._around = around
        self._store = MailStore(around.database)
        self._links = LinkStore(around.database)
        self._rendering = Rendering(around.settings.public_url, around.mail)
        self._wishes = Wishes(WishStore(around.database), around.links, clock=around.clock)
        url = around.mail.url
        self._carry_waiting = (
            self._showing(say).show_waiting
            if url is None
            else self._sending(url.get_secret_value()).send_waiting
        )

    def endpoints(self) -> list[Endpoint]:
        api = OwnersMailApi(self._store, self._rendering, accounts=self._around.accounts)
        return api.endpoints()

    def workers(self) -> list[Worker]:
        return [Worker("mail", self.run)]

    async def run(self) -> None:
        """Look after letters, for ever: when one was posted here, and now and then."""
        mailbox, clock = self._around.mailbox, self._around.clock
        poll_s, sweep_at = self._around.mail.poll_s, clock.monotonic()
        while True:
            mailbox.posted.clear()
            try:
                await self.work_through()
                if clock.monotonic() >= sweep_at:
                    await self.sweep()
                    sweep_at = clock.monotonic() + self._around.settings.sweep_every_s
            except Unavailable:
                log.warning("mail_waits_for_the_database")
                await clock.sleep(poll_s)
            end_if_cancelled()
            await until_set(mailbox.posted, clock, at_most_s=poll_s)

    async def work_through(self) -> None:
        """Grant all wishes, then send or show all letters that are due.  Raises: Unavailable."""
        while await self._wishes.grant_one():
            pass
        await self._carry_waiting()

    async def sweep(self) -> None:
        """Forget links that have expired, and letters that are kept for nobody."""
        now, mail = self._around.clock.now(), self._around.mail
        await self._links.sweep(before=now)
        await self._store.sweep(before=now - max(mail.keep_s, mail.give_up_s))

    def _sending(self, url: str) -> Sending:
        # Only where there is a mail server: the library is not small.
        from services.auth.api.mail.smtp import SmtpCarrier

        around, mail = self._around, self._around.mail
        backoff = Backoff(first_s=mail.first_retry_s, max_s=mail.max_retry_s, chance=around.chance)
        return Sending(
            self._store,
            SmtpCarrier(
                url,
                greets_as=greeting(around.settings.public_url),
                timeout_s=mail.timeout_s,
                tls=None,
            ),
            composing=Composing(self._rendering, sender=mail.sender),
            settings=mail,
            delay_s=backoff.delay_s,
            clock=around.clock,
            metrics=around.metrics,
        )

    def _showing(self, say: Say) -> Showing:
        return Showing(
            self._store,
            say,
            rendering=self._rendering,
            taken_s=self._around.mail.poll_s,
            clock=self._around.clock,
        )


def greeting(public_url: str) -> str:
    """Return by which name a mail server is greeted: RFC 5321 wants addresses in brackets."""
    host = urlsplit(public_url).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


async def until_set(event: asyncio.Event, clock: Clock, *, at_most_s: float) -> None:
    """Return when the event is set, or after that time."""
    ways = {
        asyncio.create_task(event.wait()),
        asyncio.create_task(clock.sleep(at_most_s)),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
