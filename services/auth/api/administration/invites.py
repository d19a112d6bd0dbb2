"""Invitations to the server, over HTTP: links with which people may make an account."""

from dataclasses import dataclass
from uuid import UUID

from libs.common.contracts.people import SystemRole
from libs.common.errors import Invalid, NotFound
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.ratelimit import Limit as Pace
from services.auth.api.administration.bodies import InviteMade, InviteShown, NewInvite
from services.auth.api.administration.staff import StaffDoor
from services.auth.api.surroundings import Surroundings
from services.auth.core.letters import shown_time
from services.auth.core.links import hashed
from services.auth.model.acts import Act, Kind
from services.auth.model.admission import Invite
from services.auth.model.letters import Letter, LetterKind
from services.auth.store.audit import note
from services.auth.store.invites import InviteStore, insert, revoke
from services.auth.store.mail import post


@dataclass(frozen=True, slots=True)
class _By:
    """Who acts, and from which network address."""

    caller: Caller
    address: str


class InvitesAdministration:
    """The endpoints of invitations."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._store = InviteStore(around.database)
        self._door = StaffDoor(around.accounts)
        settings = around.settings
        self._pace = around.rates.of(
            "invites",
            Pace.per_minute(settings.invites_per_minute, burst=settings.invites_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/v1/admin/invites", self.make, status=201, pace=self._pace),
            Endpoint("GET", "/v1/admin/invites", self.listed),
            Endpoint("DELETE", "/v1/admin/invites/{invite_id}", self.revoke),
        ]

    async def make(self, body: NewInvite, caller: Caller, address: ClientAddress) -> InviteMade:
        """Make a link; it is shown this once."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        now, token = self._around.clock.now(), self._around.chance.token()
        invite = Invite(
            id=self._around.chance.new_id(),
            made_by=caller.id,
            max_uses=body.max_uses,
            uses=0,
            made_at=now,
            expires_at=now + body.expires_in_s,
            is_revoked=False,
        )
        link = f"{self._around.settings.public_url}/register#invite={token}"
        is_sent = body.email is not None and self._around.mail.is_on
        act = _act(Kind.INVITE_MADE, invite.id, _By(caller, address), max_uses=body.max_uses)
        async with self._around.database.transaction() as connection:
            await insert(connection, invite, token_hash=hashed(token))
            await note(connection, act, now=now)
            if is_sent and body.email is not None:
                fields = {"link": link, "at": shown_time(invite.expires_at)}
                letter = Letter(LetterKind.INVITATION, body.email, fields)
                await post(connection, letter, account_id=None, now=now)
        self._around.mailbox.posted.set()
        shown = InviteShown.of(invite, now=now)
        return InviteMade(**dict(shown), link=link, is_sent=is_sent)

    async def listed(
        self, caller: Caller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor | None = None
    ) -> Page[InviteShown]:
        """Return invitations, the newest first, without their links."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        found = await self._store.listed(before=_read(cursor), limit=limit + 1)
        now, page = self._around.clock.now(), found[:limit]
        return Page(
            items=[InviteShown.of(invite, now=now) for invite in page],
            next_cursor=str(page[-1].id) if len(found) > limit else None,
        )

    async def revoke(self, invite_id: UUID, caller: Caller, address: ClientAddress) -> None:
        """Let nobody in with a link from now on."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        now = self._around.clock.now()
        async with self._around.database.transaction() as connection:
            if not await revoke(connection, invite_id, now=now):
                raise NotFound
            act = _act(Kind.INVITE_REVOKED, invite_id, _By(caller, address))
            await note(connection, act, now=now)


def _act(kind: Kind, invite_id: UUID, by: _By, **details: int) -> Act:
    return Act(
        kind=kind,
        actor_id=by.caller.id,
        subject_id=None,
        outcome="done",
        address=by.address,
        session_id=by.caller.session_id,
        details={"invite_id": str(invite_id), **details},
    )


def _read(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(cursor)
    except ValueError:
        raise Invalid(fields={"cursor": "is not valid"}) from None
