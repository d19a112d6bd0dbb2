"""What gateways and people tell presence over the bus."""

from collections.abc import Sequence

import structlog

from libs.common.bus.answering import acked, bury, bury_delivery, publish_answers, refused
from libs.common.bus.intake import Taken
from libs.common.bus.interface import Bus, Delivery
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    Command,
    CompleteReport,
    ReportLease,
    SetPresence,
    SetPrivacy,
    read_payload,
)
from libs.common.contracts.events import Answer
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind
from libs.common.errors import ChatError, Unavailable
from services.presence.consumers.telling import Telling
from services.presence.core.choices import chosen_by, last_seen_to
from services.presence.core.learning import Learning
from services.presence.core.roster import Roster
from services.presence.model import Change, Choice, LastSeenTo
from services.presence.settings import PresenceSettings
from services.presence.store import Store

log = structlog.get_logger()


class PersonCommands:
    """Obeys commands about people: leases of gateways, choices of people.

    Nothing here is lost by a crash that a gateway would not soon report again, so tries are not
    counted: a delivery that comes twice is obeyed twice.
    """

    def __init__(
        self,
        *,
        bus: Bus,
        roster: Roster,
        learning: Learning,
        store: Store,
        settings: PresenceSettings,
        telling: Telling,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._bus = bus
        self._roster = roster
        self._learning = learning
        self._store = store
        self._settings = settings
        self._telling = telling
        self._clock = clock
        self._chance = chance
        self._seen: dict[PersonId, float] = {}
        self._being_noted: dict[PersonId, float] = {}
        self._guests: set[PersonId] = set()

    async def obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        """Obey in order; afterwards tell the rooms and answer whoever waits."""
        changes: list[Change] = []
        answers: list[tuple[Command, Answer | None]] = []
        for taken in batch:
            match read_payload(taken.command, PERSON_PAYLOADS):
                case ReportLease() as report:
                    changes += self.on_lease(taken.command, report)
                case CompleteReport() as report:
                    self.on_complete_report(taken.command, report)
                case SetPresence() as wish:
                    changes += await self.on_set_presence(taken.command, wish, answers)
                case SetPrivacy() as wish:
                    await self.on_set_privacy(taken.command, wish, answers)
        await self.tell(changes)
        await publish_answers(self._bus, answers, timeout_s=self._settings.publish_timeout_s)
        return ()

    def on_lease(self, command: Command, report: ReportLease) -> list[Change]:
        now = self._clock.now()
        late_s = max(0.0, now - command.deadline)
        if not late_s:
            self._learning.heard(report.gateway)
        if command.actor.kind is PersonKind.GUEST:
            self._guests.add(PersonId(command.subject))
        return self._roster.report(PersonId(command.subject), report, now, late_s=late_s)

    def on_complete_report(self, command: Command, report: CompleteReport) -> None:
        self._learning.heard_all(report.gateway, report.shard, roster=command.subject)

    async def on_set_presence(
        self, command: Command, wish: SetPresence, answers: list[tuple[Command, Answer | None]]
    ) -> list[Change]:
        """Keep the choice, then act on it: what was acknowledged survives a restart, but of guests
        nothing is kept.
        """
        now = self._clock.now()
        try:
            choice = chosen_by(command.actor, PersonId(command.subject), wish)
        except ChatError as error:
            answers.append((command, refused(command, error, now=now)))
            return []
        if command.actor.kind is not PersonKind.GUEST:
            await self._store.choose(choice)
        answers.append((command, acked(command, {"state": choice.chosen}, now=now)))
        return self._roster.choose(choice, now)

    async def on_set_privacy(
        self, command: Command, wish: SetPrivacy, answers: list[tuple[Command, Answer | None]]
    ) -> None:
        """Keep who may know when somebody was last seen, then act on it."""
        now, person_id = self._clock.now(), PersonId(command.subject)
        try:
            to = last_seen_to(command.actor, person_id, wish)
        except ChatError as error:
            answers.append((command, refused(command, error, now=now)))
            return
        await self._store.show_last_seen(person_id, to)
        self._roster.show_last_seen(person_id, to)
        if to is LastSeenTo.NOBODY:
            self.forget_seen(person_id)
        answers.append((command, acked(command, {}, now=now)))

    async def choose(self, choice: Choice) -> None:
        """Act on a choice that is not kept, and tell the rooms."""
        await self.tell(self._roster.choose(choice, self._clock.now()))

    def is_being_noted(self, person_id: PersonId) -> bool:
        """Tell whether it is being written down when somebody was last seen."""
        return person_id in self._being_noted

    def forget_seen(self, person_id: PersonId) -> None:
        """Write nothing down of when somebody was last seen."""
        self._seen.pop(person_id, None)

    async def tries(self, batch: Sequence[Taken]) -> Sequence[int]:
        return [0] * len(batch)

    async def count_try(self, batch: Sequence[Taken]) -> None:
        return

    async def bury(self, taken: Taken, reason: str) -> None:
        error_id = str(self._chance.new_id())
        log.error("presence_command_buried", reason=reason, error_id=error_id)
        await bury(
            self._bus,
            taken.command,
            reason=reason,
            error_id=error_id,
            now=self._clock.now(),
            timeout_s=self._settings.publish_timeout_s,
        )

    async def bury_unreadable(self, delivery: Delivery) -> None:
        timeout_s = self._settings.publish_timeout_s
        await bury_delivery(self._bus, delivery, reason="unreadable", timeout_s=timeout_s)

    async def keep_last_seen(self) -> None:
        """Write down who was last seen when, for ever; what cannot be written waits."""
        while True:
            await self._clock.sleep(self._settings.last_seen_flush_s)
            await self.flush_last_seen()
            self.forget_guests()

    async def flush_last_seen(self) -> None:
        seen, self._seen = self._seen, {}
        if not seen:
            return
        self._being_noted = seen
        try:
            await self._store.save_seen(seen)
        except Unavailable:
            self._seen = seen | self._seen
        finally:
            self._being_noted = {}

    def forget_guests(self) -> None:
        """Forget guests who are gone, and what they chose: whoever comes again is somebody else."""
        gone = {one for one in self._guests if not self._roster.is_connected(one)}
        for one in gone:
            self._roster.choose(Choice(one), self._clock.now())
        self._guests -= gone

    async def tell(self, changes: Sequence[Change]) -> None:
        """Tell the rooms, and note who was seen; of guests nothing is noted."""
        for change in changes:
            if change.last_seen is not None and change.person_id not in self._guests:
                self._seen[change.person_id] = change.last_seen
        await self._telling.tell(changes)
