"""Builds presence out of its parts; everything that reaches outside is passed in."""

from typing import Final

from libs.common.bus.asking import Asker
from libs.common.bus.topology import COMMAND_PREFETCH, person_commands
from libs.common.bus.worker import CommandWorker
from libs.common.client import InternalClient
from libs.common.erasures import Erasures
from libs.common.http.endpoint import Endpoint
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.service import Service, Worker
from libs.common.tokens.receipts import Receipts
from services.presence.api.last_seen import LastSeenApi
from services.presence.api.people import PresenceApi
from services.presence.api.privacy import ExportApi
from services.presence.api.rooms import RoomsService
from services.presence.api.wishes import Wishes
from services.presence.consumers.commands import PersonCommands
from services.presence.consumers.forgetting import Forgetting
from services.presence.consumers.leases import Leases
from services.presence.consumers.telling import Telling
from services.presence.core.learning import Learning
from services.presence.core.news import News, Windows
from services.presence.core.roster import Roster
from services.presence.settings import PREFIX, PresenceSettings
from services.presence.store import Store

NAME: Final = "presence"


def schema(role: str) -> Schema:
    """Return the schema of presence; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.presence"))


def build(
    settings: PresenceSettings,
    process: Process,
    *,
    doors: Doors,
    database: Database,
    rooms: InternalClient,
    receipts: Receipts,
) -> Service:
    """Return the service; it serves every shard of people.

    `receipts` signs that nothing of a person is left.
    """
    presence = _Presence(settings, process, database=database, rooms=rooms, receipts=receipts)
    return presence.service(doors)


class _Presence:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: PresenceSettings,
        process: Process,
        *,
        database: Database,
        rooms: InternalClient,
        receipts: Receipts,
    ) -> None:
        self._settings = settings
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._roster = Roster(lease_s=settings.lease_s, close_grace_s=settings.close_grace_s)
        self._learning = Learning(
            process.chance.new_id(),
            shards=process.spread.shards,
            lease_s=settings.lease_s,
            settle_s=settings.settle_s,
        )
        self._news = News(_windows(settings), shown_per_s=settings.shown_per_s)
        self._telling = self._new_telling()
        self._store = Store(database)
        self._commands = self._new_commands()
        self._worker = CommandWorker(self._commands, process.clock)
        self._leases = Leases(
            process.bus,
            self._roster,
            self._learning,
            tell=self._commands.tell,
            backlog=lambda: self._worker.waiting,
            telling=self._telling,
            settings=settings,
            clock=process.clock,
        )
        self._asker = Asker(process.bus, f"{NAME}.{process.instance}")
        self._wishes = Wishes(
            self._asker,
            shards=process.spread.shards,
            timeout_s=settings.answer_timeout_s,
            clock=process.clock,
        )
        self._api = self._new_api(RoomsService(rooms))
        self._privacy = self._new_privacy(receipts)

    def _new_commands(self) -> PersonCommands:
        process = self._process
        return PersonCommands(
            bus=process.bus,
            roster=self._roster,
            learning=self._learning,
            store=self._store,
            settings=self._settings,
            telling=self._telling,
            clock=process.clock,
            chance=process.chance,
        )

    def _new_telling(self) -> Telling:
        return Telling(
            self._process.bus,
            self._news,
            self._roster,
            settings=self._settings,
            event_buckets=self._process.spread.event_buckets,
            clock=self._process.clock,
        )

    def _new_api(self, rooms: RoomsService) -> PresenceApi:
        return PresenceApi(
            roster=self._roster,
            news=self._news,
            store=self._store,
            rooms=rooms,
            wishes=self._wishes,
            settings=self._settings,
            clock=self._process.clock,
        )

    def _new_privacy(self, receipts: Receipts) -> list[Endpoint]:
        forgetting = Forgetting(self._roster, self._store, self._commands)
        erasures = Erasures(self._database, receipts, forgetting.turn)
        return [ExportApi(self._store).endpoint(), erasures.endpoint()]

    def service(self, doors: Doors) -> Service:
        """Return what the runner has to know."""
        settings = self._settings
        last_seen = LastSeenApi(self._store, self._wishes)
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        return assemble(
            self._process,
            NAME,
            doors=doors,
            public=(outside, [*self._api.public(), *last_seen.endpoints()]),
            internal=(inside, [*self._api.internal(), *self._privacy]),
            checks={"database": self._database.check, "bus": self._process.check_bus},
            workers=[
                Worker("schema", self._gate.watch),
                Worker("person_commands", self._worker.run),
                Worker("leases", self._leases.run),
                Worker("telling", self._telling.run),
                Worker("last_seen", self._commands.keep_last_seen),
            ],
            on_start=[self._gate.check, self._remember, self._asker.start, self._consume],
            on_stop=[self._asker.stop, self._commands.flush_last_seen],
        )

    async def _remember(self) -> None:
        self._roster.remember(await self._store.choices(), await self._store.unseen())

    async def _consume(self) -> None:
        for shard in range(self._process.spread.shards):
            intake = self._worker.add_intake()
            intake.consumer = await self._process.bus.consume(
                person_commands(shard),
                intake.on_delivery,
                prefetch=COMMAND_PREFETCH,
                on_lost=intake.on_lost,
            )


def _windows(settings: PresenceSettings) -> Windows:
    return Windows(
        small_s=settings.small_window_s,
        large_s=settings.large_window_s,
        small_people=settings.small_room_people,
        named_people=settings.named_people,
    )
