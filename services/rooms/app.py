"""Builds rooms out of its parts; everything that reaches outside is passed in."""

from functools import partial
from typing import Final

from libs.common.client import InternalClient
from libs.common.contracts.facts import UserChanged
from libs.common.erasures import Erasures
from libs.common.facts import USERS, Facts
from libs.common.http.endpoint import Endpoint
from libs.common.metrics import Metrics
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.outbox_tries import set_aside_gauge
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.rates_postgres import PostgresRates
from libs.common.relay import Relay
from libs.common.retry import Backoff
from libs.common.service import Service, Worker
from libs.common.tokens.receipts import Receipts
from services.rooms.api.door_passwords import DoorPasswords
from services.rooms.api.doors import GuestDoors
from services.rooms.api.guest_tokens import GuestTokens
from services.rooms.api.internal import InternalApi
from services.rooms.api.people import People
from services.rooms.api.privacy import ExportApi, Leaving
from services.rooms.api.public import PublicApi
from services.rooms.api.surroundings import Surroundings
from services.rooms.consumers.guests import GuestDepartures, GuestEndings
from services.rooms.consumers.people import PeopleFacts
from services.rooms.consumers.purge import Purge
from services.rooms.consumers.rooms import RoomNews
from services.rooms.consumers.schedule import Schedule
from services.rooms.settings import PREFIX, RoomsSettings
from services.rooms.store.blocks import BlockStore
from services.rooms.store.endings import EndingStore
from services.rooms.store.erasing import ErasingStore
from services.rooms.store.exporting import ExportingStore
from services.rooms.store.founding import Founding
from services.rooms.store.guests import GuestStore
from services.rooms.store.members import MemberStore
from services.rooms.store.people import PeopleStore
from services.rooms.store.purging import PurgingStore
from services.rooms.store.rooms import RoomStore
from services.rooms.store.schedule import ScheduleStore
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
    public_url: str,
) -> Service:
    """Return the service.

    `auth` is asked for people never seen here; `receipts` signs that nothing of a person is left.
    Links to the web client begin with `public_url`.
    """
    rooms = _Rooms(
        settings, process, database=database, auth=auth, receipts=receipts, public_url=public_url
    )
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
        public_url: str,
    ) -> None:
        self._settings = settings
        self._public_url = public_url
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._relay = self._new_relay()
        endings = EndingStore(database)
        self._endings = GuestEndings(endings, auth, settings, clock=process.clock)
        tell = partial(self._relay.caught_up, settings.tell_timeout_s)
        writing = Writing(database, tell=self._endings.waking(tell))
        self._schedule = Schedule(ScheduleStore(database, writing), settings, clock=process.clock)
        on_hours = self._schedule.wake
        self._rooms = RoomStore(database, writing, on_hours=on_hours)
        self._founding = Founding(writing, on_hours=on_hours)
        self._members = MemberStore(database)
        self._guests = GuestStore(database)
        self._passwords = DoorPasswords(settings)
        self._blocks = BlockStore(database, writing)
        people = PeopleStore(database, writing)
        self._erasures = Erasures(database, receipts, self._new_leaving(people).turn)
        self._people = People(people, auth)
        self._facts = self._new_facts(people)
        self._purge = Purge(PurgingStore(database, writing), settings, clock=process.clock)
        self._rates = PostgresRates(database, process.clock)
        self._tokens = GuestTokens(auth, settings)
        self._doors = self._new_doors()
        self._departures = GuestDepartures(
            endings, self._rooms, self._doors.tries, settings, clock=process.clock
        )

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
                Worker("schedule", self._schedule.run),
                Worker("rates", self._rates.run),
                Worker("guest_endings", self._endings.run),
                Worker("guest_departures", self._departures.run),
            ],
            on_start=[self._gate.check, self._facts.start],
            on_stop=[self._facts.stop, self._passwords.close],
        )

    def _new_relay(self) -> Relay:
        process = self._process
        first_s, max_s = RELAY_RETRY_S
        news = RoomNews(
            process.bus,
            shards=process.spread.shards,
            timeout_s=self._settings.publish_timeout_s,
        )
        return Relay(
            self._database,
            news.publish,
            max_rows=RELAY_ROWS,
            poll_s=RELAY_POLL_S,
            delay_s=Backoff(first_s=first_s, max_s=max_s, chance=process.chance).delay_s,
            on_set_aside=set_aside_gauge(Metrics(process.registry, NAME)).set,
            clock=process.clock,
        )

    def _new_leaving(self, people: PeopleStore) -> Leaving:
        return Leaving(
            self._rooms,
            people,
            self._blocks,
            ErasingStore(self._database),
            clock=self._process.clock,
            rename_batch=self._settings.rename_batch,
        )

    def _new_facts(self, people: PeopleStore) -> Facts[UserChanged]:
        keeping = PeopleFacts(people, rename_batch=self._settings.rename_batch)
        return Facts(
            self._process.bus,
            NAME,
            keeping.on_user_changed,
            about=USERS,
            publish_timeout_s=self._settings.publish_timeout_s,
            clock=self._process.clock,
        )

    def _new_doors(self) -> GuestDoors:
        return GuestDoors(
            self._database,
            self._guests,
            self._passwords,
            rates=self._rates,
            settings=self._settings,
            clock=self._process.clock,
        )

    def _internal(self) -> list[Endpoint]:
        exports = ExportApi(ExportingStore(self._database))
        asked = InternalApi(self._members, self._blocks, clock=self._process.clock).endpoints()
        return [*asked, exports.endpoint(), self._erasures.endpoint()]

    def _endpoints(self) -> list[Endpoint]:
        around = Surroundings(
            database=self._database,
            rooms=self._rooms,
            founding=self._founding,
            members=self._members,
            blocks=self._blocks,
            guests=self._guests,
            people=self._people,
            passwords=self._passwords,
            doors=self._doors,
            tokens=self._tokens,
            rates=self._rates,
            public_url=self._public_url,
            settings=self._settings,
            clock=self._process.clock,
            chance=self._process.chance,
        )
        return PublicApi(around).endpoints()
