"""Builds messages out of its parts; everything that reaches outside is passed in."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from libs.common.bus.asking import Asker
from libs.common.bus.intake import Taken
from libs.common.bus.worker import CommandWorker
from libs.common.claims import Claim
from libs.common.client import InternalClient
from libs.common.contracts.facts import BlockChanged
from libs.common.contracts.ids import MessageId
from libs.common.contracts.internal import AccessAnswer, AccessRequest
from libs.common.erasures import Erasures
from libs.common.facts import BLOCKS, USERS, Facts
from libs.common.http.endpoint import Endpoint
from libs.common.metrics import Metrics
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.rates_postgres import PostgresRates
from libs.common.service import Service, Worker
from libs.common.tokens.receipts import Receipts as Signing
from services.messages.api.erasing import Erasing
from services.messages.api.exporting import ExportApi
from services.messages.api.internal import InternalApi
from services.messages.api.news import News
from services.messages.api.public import public_endpoints
from services.messages.api.wishes import Wishes
from services.messages.consumers.aside import Aside
from services.messages.consumers.commands import RoomCommands
from services.messages.consumers.counting import CommandCounts
from services.messages.consumers.heads import Heads
from services.messages.consumers.intakes import Intakes
from services.messages.consumers.memory import Memory
from services.messages.consumers.purging import Purging
from services.messages.consumers.receipts import Receipts
from services.messages.consumers.sharing import Sharing
from services.messages.consumers.telling import Teller
from services.messages.consumers.writing import RoomWriter
from services.messages.core.absences import Absences
from services.messages.core.limits import habits_of, limits_of
from services.messages.settings import PREFIX, MessagesSettings
from services.messages.store.blocks import BlockStore
from services.messages.store.entries import EntryStore
from services.messages.store.erasing import ErasingStore
from services.messages.store.exporting import ExportingStore
from services.messages.store.known import KnownStore
from services.messages.store.log import LogStore
from services.messages.store.members import MemberStore
from services.messages.store.purging import PurgingStore
from services.messages.store.receipts import ReceiptStore
from services.messages.store.roles import RoleStore
from services.messages.store.tries import TryStore

NAME: Final = "messages"


def schema(role: str) -> Schema:
    """Return the schema of messages; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.messages"))


def build(
    settings: MessagesSettings,
    process: Process,
    *,
    doors: Doors,
    database: Database,
    claim: Claim,
    rooms: InternalClient,
    receipts: Signing,
) -> Service:
    """Return the service.

    `claim` tells it from its other instances. `rooms` is asked about people not known as members.
    `receipts` signs that nothing of a person is left.
    """
    messages = _Messages(
        settings, process, database=database, claim=claim, rooms=rooms, signing=receipts
    )
    return messages.service(doors)


class _Messages:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: MessagesSettings,
        process: Process,
        *,
        database: Database,
        claim: Claim,
        rooms: InternalClient,
        signing: Signing,
    ) -> None:
        self._settings = settings
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._rooms = rooms
        self._known = KnownStore(database)
        self._entries = EntryStore(database)
        self._members = MemberStore(
            database, unread_scan=settings.unread_scan, unread_max=settings.unread_max
        )
        self._absences = Absences(life_s=settings.absence_s, max_people=settings.absences)
        self._aside = Aside(
            self._ask_rooms,
            self._absences,
            resume=self._resume,
            wait_s=settings.aside_s,
            max_people=settings.aside_people,
            clock=process.clock,
        )
        buckets, clock = process.spread.event_buckets, process.clock
        self._heads = Heads(process.bus, buckets=buckets, settings=settings, clock=clock)
        self._receipts = Receipts(process.bus, buckets=buckets, settings=settings, clock=clock)
        self._facts = Facts(
            process.bus,
            NAME,
            RoleStore(database).learn,
            about=USERS,
            publish_timeout_s=settings.publish_timeout_s,
            clock=clock,
        )
        self._blocks = self._new_blocks()
        self._rates = PostgresRates(database, clock)
        self._memory = Memory(max_rooms=settings.cache_rooms, max_members=settings.cache_members)
        self._counts = CommandCounts(Metrics(process.registry, NAME))
        self._worker = CommandWorker(self._new_commands(), clock)
        self._counts.watch_waiting(lambda: self._worker.waiting)
        self._sharing = self._new_sharing(claim)
        self._asker = Asker(process.bus, f"{NAME}.{process.instance}")
        self._wishes = self._new_wishes()
        self._erasures = self._new_erasures(signing)

    def service(self, doors: Doors) -> Service:
        """Return what the runner has to know."""
        settings = self._settings
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        news = self._new_news()
        return assemble(
            self._process,
            NAME,
            doors=doors,
            public=(outside, self._public(news)),
            internal=(inside, self._internal(news)),
            checks={"database": self._database.check, "bus": self._process.check_bus},
            workers=[
                Worker("schema", self._gate.watch),
                Worker("room_commands", self._worker.run),
                Worker("sharing", self._sharing.run),
                Worker("aside", self._aside.run),
                Worker("system_roles", self._facts.run),
                Worker("blocks", self._blocks.run),
                Worker("purging", self._new_purging().run),
                Worker("receipts", self._receipts.run),
                Worker("heads", self._heads.run),
                Worker("rates", self._rates.run),
            ],
            on_start=[
                self._gate.check,
                self._asker.start,
                self._facts.start,
                self._blocks.start,
                self._sharing.start,
            ],
            on_stop=[self._asker.stop, self._facts.stop, self._blocks.stop, self._sharing.stop],
        )

    def _new_purging(self) -> Purging:
        store = PurgingStore(self._database)
        return Purging(store, settings=self._settings, clock=self._process.clock)

    def _new_blocks(self) -> Facts[BlockChanged]:
        return Facts(
            self._process.bus,
            NAME,
            BlockStore(self._database).learn,
            about=BLOCKS,
            publish_timeout_s=self._settings.publish_timeout_s,
            clock=self._process.clock,
        )

    def _new_wishes(self) -> Wishes:
        return Wishes(
            self._asker,
            shards=self._process.spread.shards,
            timeout_s=self._settings.answer_timeout_s,
            clock=self._process.clock,
            chance=self._process.chance,
        )

    def _new_erasures(self, signing: Signing) -> Erasures:
        erasing = Erasing(
            ErasingStore(self._database),
            self._wishes,
            settings=self._settings,
            clock=self._process.clock,
        )
        return Erasures(self._database, signing, erasing.turn)

    def _new_commands(self) -> RoomCommands:
        settings, process = self._settings, self._process
        writer = RoomWriter(
            self._known,
            LogStore(self._database),
            memory=self._memory,
            aside=self._aside,
            limits=limits_of(settings),
            habits=habits_of(settings),
            rounds=settings.write_rounds,
            new_id=lambda: MessageId(process.chance.new_id()),
            clock=process.clock,
        )
        teller = Teller(
            process.bus,
            self._members,
            heads=self._heads,
            buckets=process.spread.event_buckets,
            settings=settings,
            clock=process.clock,
        )
        return RoomCommands(
            process.bus,
            writer=writer,
            cursors=ReceiptStore(self._database),
            tries=TryStore(self._database),
            teller=teller,
            receipts=self._receipts,
            aside=self._aside,
            counts=self._counts,
            publish_timeout_s=settings.publish_timeout_s,
            clock=process.clock,
            chance=process.chance,
        )

    def _new_sharing(self, claim: Claim) -> Sharing:
        process, shards = self._process, self._process.spread.shards
        intakes = Intakes(
            process.bus,
            self._worker,
            shards=shards,
            on_first=partial(self._memory.forget, shards=shards),
        )
        return Sharing(
            process.bus,
            intakes,
            claim,
            shards=shards,
            settings=self._settings,
            clock=process.clock,
        )

    def _public(self, news: News) -> list[Endpoint]:
        return public_endpoints(
            self._settings,
            self._process,
            database=self._database,
            news=news,
            wishes=self._wishes,
            members=self._members,
            rates=self._rates,
        )

    def _internal(self, news: News) -> list[Endpoint]:
        api = InternalApi(
            self._members,
            self._entries,
            news,
            rooms_listed=self._settings.rooms_listed,
            clock=self._process.clock,
        )
        exports = ExportApi(ExportingStore(self._database))
        return [*api.endpoints(), exports.endpoint(), self._erasures.endpoint()]

    def _new_news(self) -> News:
        return News(
            self._known,
            self._ask_rooms,
            self._absences,
            wait_s=self._settings.aside_s,
            clock=self._process.clock,
        )

    async def _ask_rooms(self, request: AccessRequest) -> AccessAnswer:
        return await self._rooms.post("/internal/access", AccessAnswer, body=request)

    def _resume(self, aside: Sequence[Taken]) -> None:
        self._worker.resume(aside)
