"""Tells what was decided and written: answers, events, and who came or left."""

from collections.abc import Iterable, Sequence

from libs.common.bus.answering import acked, refused
from libs.common.bus.interface import Bus
from libs.common.clock import Clock
from libs.common.contracts.people import SystemRole
from libs.common.contracts.rooms import RoomState
from libs.common.errors import ChatError
from libs.common.permissions.rules import is_sheltered
from services.messages.consumers.heads import Heads
from services.messages.consumers.outbound import Outbound, publish
from services.messages.core import frames
from services.messages.core.decide import Decision, Reply
from services.messages.model.changes import Change
from services.messages.model.log import EntryKind
from services.messages.model.rooms import Member
from services.messages.settings import MessagesSettings
from services.messages.store.members import MemberStore


class Teller:
    """Publishes what a batch came to; telling it twice does no harm."""

    def __init__(
        self,
        bus: Bus,
        members: MemberStore,
        *,
        heads: Heads,
        buckets: int,
        settings: MessagesSettings,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._members = members
        self._heads = heads
        self._buckets = buckets
        self._settings = settings
        self._clock = clock

    async def tell(self, decisions: Sequence[Decision]) -> None:
        """Publish answers in the order of the commands, then events by room and seq.

        Raises: Unavailable when some of it may not have been taken.
        """
        outbound = Outbound(buckets=self._buckets, max_bytes=self._settings.publish_bytes)
        replies = [reply for decision in decisions for reply in decision.replies]
        self._answer(outbound, sorted(replies, key=lambda reply: reply.asked.place))
        for decision in sorted(decisions, key=lambda each: each.change.room_id.bytes):
            await self._tell_room(outbound, decision)
        await publish(self._bus, outbound, timeout_s=self._settings.publish_timeout_s)

    def _answer(self, outbound: Outbound, replies: Iterable[Reply]) -> None:
        now = self._clock.now()
        for reply in replies:
            command = reply.asked.command
            if isinstance(reply.said, ChatError):
                answer = refused(command, reply.said, now=now)
            else:
                answer = acked(command, reply.said, now=now)
            if answer is not None and command.origin:
                outbound.answer(command.origin, answer)

    async def _tell_room(self, outbound: Outbound, decision: Decision) -> None:
        change = decision.change
        entries = sorted([*decision.again.values(), *change.entries], key=lambda one: one.seq)
        for entry in entries:
            outbound.event(frames.event(entry))
        room = change.room
        if room is None:
            return
        if change.entries:
            self._heads.wrote(room.id, room.head_seq)
        for entry in decision.moved:
            personal = frames.personal(entry, room)
            if personal is not None:
                outbound.personal(personal)
        for member in _muted_otherwise(decision):
            outbound.personal(frames.muting(member, room.id, at=self._clock.now()))
        if _came_back(change):
            now = self._clock.now()
            for person_id, role in await self._members.roles(room.id):
                outbound.personal(frames.addition(person_id, room, role=role, at=now))
        if any(entry.kind is EntryKind.ROOM_DELETED for entry in entries):
            for person_id in await self._members.members(room.id):
                outbound.personal(
                    frames.removal(person_id, room.id, reason="deleted", at=self._clock.now())
                )


def _muted_otherwise(decision: Decision) -> list[Member]:
    """Return the members whose mute is another one than before, of those whom one binds."""
    before, roles = decision.known.members, decision.known.system_roles
    return [
        member
        for person_id, member in decision.change.members.items()
        if member is not None
        and member.role is not None
        and member.muted_until != ((was := before.get(person_id)) and was.muted_until)
        and not is_sheltered(roles.get(person_id, SystemRole.MEMBER))
    ]


def _came_back(change: Change) -> bool:
    """Tell whether a room that was deleted is there again."""
    was, now = change.based_on, change.room
    if was is None or now is None:
        return False
    return was.state is RoomState.DELETED and now.state is not RoomState.DELETED
