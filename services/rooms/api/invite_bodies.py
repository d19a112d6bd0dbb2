"""What makes an invitation, and what is shown of it to admins and to who holds its link."""

from typing import Annotated, Literal

from pydantic import Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind
from libs.common.times import rfc3339, rfc3339_if
from services.rooms.api.bodies import Body
from services.rooms.core.invites import link
from services.rooms.core.rules import person_of
from services.rooms.model import Invite, Inviter, SeenRoom

MAX_USES = 100_000

MIN_LIFE_S = 60
MAX_LIFE_S = 31_536_000
"""A year. What is to be good for longer is good for ever."""

InvitedRole = Literal[RoomRole.ADMIN, RoomRole.MEMBER]


class NewRoomInvite(Body):
    """Without `max_uses` it is good for any number of people, without `expires_in_s` for ever."""

    max_uses: Annotated[int, Field(ge=1, le=MAX_USES)] | None = None
    expires_in_s: Annotated[int, Field(ge=MIN_LIFE_S, le=MAX_LIFE_S)] | None = None
    role: InvitedRole = RoomRole.MEMBER


class RoomInviteShown(Body):
    """An invitation as its room's admins see it.

    `code` and `link` are null if the server cannot make them again: it has no secret for them, or
    another than when the invitation was made.
    """

    id: str
    code: str | None
    link: str | None
    role: RoomRole
    max_uses: int | None
    uses: int
    expires_at: str | None
    made_by: PersonShown
    created_at: str

    @classmethod
    def of(
        cls, invite: Invite, maker: PersonCard, *, code: str | None, public_url: str
    ) -> "RoomInviteShown":
        return cls(
            id=str(invite.id),
            code=code,
            link=None if code is None else link(public_url, code),
            role=invite.role,
            max_uses=invite.max_uses,
            uses=invite.uses,
            expires_at=rfc3339_if(invite.expires_at),
            made_by=PersonShown.of(person_of(maker)),
            created_at=rfc3339(invite.made_at),
        )


class InvitedRoom(Body):
    """What an invitation shows of its room, and no more."""

    id: RoomId
    kind: RoomKind
    title: str
    topic: str
    member_count: int


class RoomInvitePreview(Body):
    """An invitation as it is seen before it is accepted. `is_member`: one is in the room."""

    room: InvitedRoom
    role: RoomRole
    made_by: PersonShown
    expires_at: str | None
    is_member: bool

    @classmethod
    def of(cls, invite: Invite, maker: Inviter, seen: SeenRoom) -> "RoomInvitePreview":
        room = seen.room
        return cls(
            room=InvitedRoom(
                id=room.id,
                kind=room.kind,
                title=room.title,
                topic=room.topic,
                member_count=room.member_count,
            ),
            role=invite.role,
            made_by=PersonShown.of(person_of(maker.card)),
            expires_at=rfc3339_if(invite.expires_at),
            is_member=seen.role is not None,
        )
