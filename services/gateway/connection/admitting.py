"""Lets people in: whose token is it, is it good, and which rooms are theirs?"""

from collections.abc import Sequence

from libs.common.clock import Clock
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import ChosenState
from libs.common.errors import ChatError, Unauthorized
from libs.common.http.people import Caller, Verifier
from libs.common.permissions.scopes import check_scope
from libs.common.times import rfc3339
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.connection.client import Client
from services.gateway.core.admission import Admission
from services.gateway.core.bearer import Bearer
from services.gateway.core.effects import Admit, Renew
from services.gateway.core.refusals import CloseCode
from services.gateway.core.scopes import HEARING
from services.gateway.hub.asking import Asking
from services.gateway.hub.blocks import Blocks
from services.gateway.hub.people import People
from services.gateway.hub.unattended import Unattended


class Admitting:
    """Answers `auth` and `refresh`, and looks at tokens of handshakes."""

    def __init__(
        self,
        verifier: Verifier,
        revoked: RevokedSessions,
        *,
        asking: Asking,
        blocks: Blocks,
        people: People,
        unattended: Unattended,
        admission: Admission,
        connections_per_person: int,
        clock: Clock,
    ) -> None:
        self._verifier = verifier
        self._revoked = revoked
        self._asking = asking
        self._blocks = blocks
        self._people = people
        self._unattended = unattended
        self._admission = admission
        self._connections_per_person = connections_per_person
        self._clock = clock

    async def bearer(self, token: str, address: str) -> Bearer:
        """Return whose token this is.

        Raises: Unauthorized, InsufficientScope, TooMany (bad ones from `address`), Unavailable.
        """
        now = self._clock.now()
        try:
            caller = await self._verifier.verify(token, now)
        except Unauthorized:
            self._admission.failed(address, self._clock.monotonic())
            raise
        check_scope(caller.scopes, HEARING)
        return self.bearer_of(caller)

    def bearer_of(self, caller: Caller) -> Bearer:
        """Return what was verified, as the gateway knows it."""
        return Bearer(
            person=caller.person,
            session_id=caller.session_id,
            expires_at=self._clock.monotonic() + caller.expires_at - self._clock.now(),
            expires_text=rfc3339(caller.expires_at),
            room_id=caller.room_id,
            scopes=caller.scopes,
        )

    def check_revoked(self, bearer: Bearer) -> None:
        """Refuse a session that was ended since its token was looked at: nobody could have found
        its connection to cut it.

        Raises: SessionRevoked.
        """
        if bearer.session_id is not None and self._revoked.has(bearer.session_id):
            raise SessionRevoked

    async def look_up(self, bearer: Bearer) -> tuple[Sequence[RoomStanding], ChosenState]:
        """Return how somebody stands in their rooms, and what they want to be seen as.

        Raises: Unavailable, TimedOut, SessionRevoked.
        """
        await self._turn()
        chosen = self._asking.chosen(bearer.person.id)
        learned = self._blocks.learn(bearer.person.id)
        standings = await self._asking.rooms_of(bearer.person.id)
        presence_state = await chosen
        await learned
        self.check_revoked(bearer)
        return standings, presence_state

    async def admit(self, client: Client, wanted: Admit) -> None:
        """Answer `auth`: with `ready`, or with an error and a close."""
        is_new = client.session.bearer is None
        try:
            who = wanted.who
            bearer = who if isinstance(who, Bearer) else await self.bearer(who, client.address)
            standings, presence_state = await self.look_up(bearer)
        except ChatError as refusal:
            client.do(client.session.deny(refusal))
            return
        effects = client.session.admit(
            bearer, standings, self._clock.monotonic(), presence_state=presence_state
        )
        if is_new:
            self._take_in(client)
            self._unattended.begin(client, standings)
        client.do(effects)
        client.read_on()

    async def renew(self, client: Client, wanted: Renew) -> None:
        """Answer `refresh`. A token that is no good changes nothing: the old one still is."""
        try:
            bearer = await self.bearer(wanted.token, client.address)
        except ChatError as refusal:
            client.do(client.session.refuse(wanted.ref, refusal))
        else:
            client.do(client.session.renew(bearer, wanted.ref))
        client.read_on()

    async def _turn(self) -> None:
        """Wait until one more may be greeted.  Raises: Unavailable, at once, if that takes long."""
        wait_s = self._admission.turn_s(self._clock.monotonic())
        if wait_s:
            await self._clock.sleep(wait_s)

    def _take_in(self, client: Client) -> None:
        self._admission.known(client.address)
        oldest = self._people.add(client, max_of_person=self._connections_per_person)
        if oldest is not None:
            oldest.end(CloseCode.REPLACED, "replaced")
