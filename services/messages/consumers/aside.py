"""Commands that wait for the news that their sender has joined.

Somebody joins by HTTP and writes at once; the news of it travels through an outbox and may come
second. Then the projection says no, and nobody may be refused for that, nor may anybody else wait:

    in doubt -> aside -+- the news arrives       -> resumed, and accepted
                       +- rooms says: no member  -> resumed, and refused
                       `- neither within `aside_s` -> resumed, and told to try again

All later commands of the same person in the same room join those that wait, so they keep their
order. They are resumed while no batch is in hand: a batch may hold one that comes after them.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from libs.common.bus.intake import Taken
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import AccessRequest
from libs.common.errors import ChatError
from services.messages.core.absences import Absences
from services.messages.model.access import AskRooms
from services.messages.model.rooms import Absence

LATE = Absence(kind=None, is_late=True)

Sender = tuple[RoomId, PersonId]


@dataclass(eq=False, slots=True)
class _Wait:
    sender: Sender
    commands: list[Taken] = field(default_factory=list)


class Aside:
    """Keeps commands of at most `max_people` for at most `wait_s` seconds."""

    def __init__(
        self,
        ask_rooms: AskRooms,
        absences: Absences,
        *,
        resume: Callable[[Sequence[Taken]], None],
        wait_s: float,
        max_people: int,
        clock: Clock,
    ) -> None:
        self._ask_rooms = ask_rooms
        self._absences = absences
        self._resume = resume
        self._wait_s = wait_s
        self._max_people = max_people
        self._clock = clock
        self._waits: dict[Sender, _Wait] = {}
        self._new: asyncio.Queue[_Wait] = asyncio.Queue()
        self._due: list[_Wait] = []
        self._is_held = False

    def is_waiting(self, room_id: RoomId, person_id: PersonId) -> bool:
        return bool(self._waits) and (room_id, person_id) in self._waits

    def absence(self, room_id: RoomId, person_id: PersonId) -> Absence | None:
        """Return what is known of somebody unknown; None: put their command aside and find out."""
        said = self._absences.get(room_id, person_id, now=self._clock.monotonic())
        is_full = len(self._waits) >= self._max_people
        return LATE if said is None and is_full else said

    def put(self, taken: Taken) -> None:
        """Put a command behind those of the same sender that wait already."""
        sender = (RoomId(taken.command.subject), taken.command.actor.id)
        wait = self._waits.get(sender)
        if wait is None:
            wait = self._waits[sender] = _Wait(sender)
            self._new.put_nowait(wait)
        wait.commands.append(taken)

    def arrived(self, room_id: RoomId, person_id: PersonId) -> None:
        """Take note of the news that was waited for."""
        wait = self._waits.get((room_id, person_id))
        if wait is not None:
            self._due.append(wait)

    def hold(self) -> None:
        """Resume nothing: a batch is in hand."""
        self._is_held = True

    def release(self) -> None:
        """Resume what is due, in a later turn of the loop, unless a batch is in hand by then."""
        self._is_held = False
        if self._due:
            asyncio.get_running_loop().call_soon(self._resume_due)

    async def run(self) -> None:
        """Find out about those who wait, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                wait = await self._new.get()
                group.create_task(self._ask(wait))
                group.create_task(self._limit(wait))

    async def _ask(self, wait: _Wait) -> None:
        room_id, person_id = wait.sender
        try:
            answer = await self._ask_rooms(AccessRequest(room_id=room_id, person_ids=[person_id]))
        except ChatError:
            return  # and the limit says that it is late
        if person_id not in answer.roles:
            self._settle(wait, Absence(answer.kind, is_late=False))

    async def _limit(self, wait: _Wait) -> None:
        await self._clock.sleep(self._wait_s)
        self._settle(wait, LATE)

    def _settle(self, wait: _Wait, absence: Absence) -> None:
        if self._waits.get(wait.sender) is not wait:
            return
        self._absences.put(*wait.sender, absence, now=self._clock.monotonic())
        self._due.append(wait)
        self._resume_due()

    def _resume_due(self) -> None:
        if self._is_held:
            return
        due, self._due = self._due, []
        for wait in due:
            if self._waits.get(wait.sender) is wait:
                del self._waits[wait.sender]
                self._resume(wait.commands)
