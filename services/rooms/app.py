"""Builds rooms out of its parts; everything that reaches outside is passed in."""

from functools import partial
from typing import Final

from libs.common.client import InternalClient
from libs.common.erasures import Erasures
from libs.common.facts import UserFacts
from libs.common.http.endpoint import Endpoint, paced
from libs.common.metrics import Metrics
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.outbox_tries import set_aside_gauge
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates
from libs.common.relay import Relay
from libs.common.retry import Backoff
from libs.common.service import Service, Worker
from libs.common.tokens.receipts import Receipts
from services.rooms.api.direct import DirectApi
from services.rooms.api.holding import Holding
from services.rooms.api.internal import InternalApi
from services.rooms.api.members import MembersApi
from services.rooms.api.people import People
from services.rooms.api.privacy import ExportApi, Leaving
from services.rooms.api.rooms import RoomsApi
from services.rooms.api.showing import Showing
from services.rooms.consumers.people import PeopleFacts
from services.rooms.consumers.purge import Purge
from services.rooms.consumers.rooms import RoomCommands
from services.rooms.settings import PREFIX, RoomsSettings
from services.rooms.store.erasing import ErasingStore
from services.rooms.store.exporting import ExportingStore
from services.rooms.store.founding import Founding
from services.rooms.store.members import MemberStore
from services.rooms.store.people import PeopleStore
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import Writing

NAME: Final = "rooms"

RELAY_ROWS: Final = 200
"""Commands that leave in one go: some 100 KiB, and few enough to be repeated without regret."""

RELAY_POLL_S: Final = 1.0
"""How long a change may wait that an instance left behind when it died."""

RELAY_RETRY_S: Final = (0.1, 5.0)
"""How soon after a failure the bus is tried again, at first and in the end."""


def schema(role: str) -> Schema:
    """Return the schema of rooms; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.rooms"))


def build(
    settings: RoomsSettings,
    process: Process,
    *,
    doors: Doors,
    database: Database,
    auth: InternalClient,
    receipts: Receipts,
) -> Service:
    """Return the service.

    `auth` is asked for people never seen here; `receipts` signs that nothing of a person is left.
    """
    rooms = _Rooms(settings, process, database=database, auth=auth, receipts=receipts)
    return rooms.service(doors)


class _Rooms:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: RoomsSettings,
        process: Process,
        *,
        database: Database,
        auth: InternalClient,
        receipts: Receipts,
    ) -> None:
        self._settings = settings
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._relay = self._new_relay()
        tell = partial(self._relay.caught_up, settings.tell_timeout_s)
        writing = Writing(database, tell=tell)
        self._rooms = RoomStore(database, writing)
        self._founding = Founding(writing)
        self._members = MemberStore(database)
        people = PeopleStore(database, writing)
        leaving = Leaving(
            self._rooms,
            people,
            ErasingStore(database),
            clock=process.clock,
            rename_batch=settings.rename_batch,
        )
        self._erasures = Erasures(database, receipts, leaving.turn)
        self._people = People(people, auth)
        self._facts = UserFacts(
            process.bus,
            NAME,
            PeopleFacts(people, rename_batch=settings.rename_batch).on_user_changed,
            publish_timeout_s=settings.publish_timeout_s,
            clock=process.clock,
        )
        self._purge = Purge(self._rooms, settings, clock=process.clock)
        self._rates = PostgresRates(database, process.clock)

    def service(self, doors: Doors) -> Service:
        """Return what the runner has to know."""
        settings = self._settings
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        return assemble(
            self._process,
            NAME,
            doors=doors,
            public=(outside, self._endpoints()),
            internal=(inside, self._internal()),
            checks={"database": self._database.check, "bus": self._process.check_bus},
            workers=[
                Worker("schema", self._gate.watch),
                Worker("outbox", self._relay.run),
                Worker("people_facts", self._facts.run),
                Worker("purge", self._purge.run),
                Worker("rates", self._rates.run),
            ],
            on_start=[self._gate.check, self._facts.start],
            on_stop=[self._facts.stop],
        )

    def _new_relay(self) -> Relay:
        process = self._process
        first_s, max_s = RELAY_RETRY_S
        commands = RoomCommands(
            process.bus,
            shards=process.spread.shards,
            timeout_s=self._settings.publish_timeout_s,
        )
        return Relay(
            self._database,
            commands.publish,
            max_rows=RELAY_ROWS,
            poll_s=RELAY_POLL_S,
            delay_s=Backoff(first_s=first_s, max_s=max_s, chance=process.chance).delay_s,
            on_set_aside=set_aside_gauge(Metrics(process.registry, NAME)).set,
            clock=process.clock,
        )

    def _internal(self) -> list[Endpoint]:
        exports = ExportApi(ExportingStore(self._database))
        asked = InternalApi(self._members).endpoints()
        return [*asked, exports.endpoint(), self._erasures.endpoint()]

    def _endpoints(self) -> list[Endpoint]:
        settings, clock, chance = self._settings, self._process.clock, self._process.chance
        people = self._people
        showing = Showing(self._rooms, self._members, clock=clock)
        holding = Holding(self._rooms, people, clock=clock)
        rooms = RoomsApi(
            self._founding,
            self._rooms,
            people=people,
            holding=holding,
            showing=showing,
            settings=settings,
            clock=clock,
            chance=chance,
        )
        direct = DirectApi(
            self._founding, people, showing=showing, settings=settings, clock=clock, chance=chance
        )
        members = MembersApi(
            holding, self._members, people=people, showing=showing, settings=settings
        )
        everything = [*rooms.endpoints(), *direct.endpoints(), *members.endpoints()]
        limit = Limit.per_minute(settings.writes_per_minute, burst=settings.writes_burst)
        return paced(everything, self._rates.of("write", limit))
