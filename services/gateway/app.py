"""Builds the gateway out of its parts; everything that reaches outside is passed in."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

from starlette.types import ASGIApp

from libs.common.listeners import ListenerSettings, capped
from libs.common.metrics import Metrics
from libs.common.process import Doors, Place, Process, assemble
from libs.common.service import Service, Worker
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.api.documents import find
from services.gateway.api.listening import ListeningApi
from services.gateway.api.site import Site, read_files
from services.gateway.connection import front
from services.gateway.connection.admitting import Admitting
from services.gateway.connection.attaching import Attaching
from services.gateway.connection.drain import Drain
from services.gateway.connection.flusher import Flusher
from services.gateway.connection.intake import LIBRARY_LOG
from services.gateway.connection.leases import LeaseRounds
from services.gateway.connection.ordering import new_sender
from services.gateway.connection.relief import Relief
from services.gateway.connection.sending import Sending
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.sweep import Sweep
from services.gateway.connection.syncing import Syncing
from services.gateway.connection.tally import Tally
from services.gateway.consumers.facts import Facts
from services.gateway.consumers.inbox import GatewayInbox
from services.gateway.consumers.revocations import Revocations
from services.gateway.core.greeting import limits_of
from services.gateway.core.pace import Paces
from services.gateway.hub.asking import Asking
from services.gateway.hub.asking import Service as OtherService
from services.gateway.hub.blocks import Blocks
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People
from services.gateway.hub.repairs import Repairs
from services.gateway.settings import PREFIX, GatewaySettings

NAME: Final = "gateway"


@dataclass(frozen=True, slots=True)
class Others:
    """The insides of the services that a gateway asks."""

    auth: OtherService
    messages: OtherService
    presence: OtherService
    rooms: OtherService


def build(
    settings: GatewaySettings,
    process: Process,
    *,
    doors: Doors,
    revoked: RevokedSessions,
    others: Others,
    listening: ListenerSettings,
    beside: Callable[[ASGIApp], ASGIApp],
    on_keys_rotated: Callable[[], None],
) -> Service:
    """Return the service.

    `revoked` is what `doors` knows of ended sessions; it is fed here. `beside` puts other apps
    beside the gateway's own on the one port, in the embedded shape those of all services.
    """
    parts = _Gateway(
        settings,
        process,
        doors=doors,
        revoked=revoked,
        others=others,
        proxies=listening.trusted_proxies,
        on_keys_rotated=on_keys_rotated,
    )
    return parts.service(doors, listening, beside)


class _Gateway:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: GatewaySettings,
        process: Process,
        *,
        doors: Doors,
        revoked: RevokedSessions,
        others: Others,
        proxies: tuple[str, ...],
        on_keys_rotated: Callable[[], None],
    ) -> None:
        LIBRARY_LOG.setLevel(logging.ERROR)
        self._settings = settings
        self._process = process
        self._metrics = Metrics(process.registry, NAME)
        self._tally = Tally(self._metrics)
        self._hub = Hub(process.clock)
        self._people = People()
        self._asking = Asking(others.messages, others.presence, settings=settings)
        self._relief = Relief(
            self._hub, self._asking, settings=settings, tally=self._tally, process=process
        )
        self._repairs = Repairs(
            self._hub,
            self._asking,
            max_events=settings.replay_events_per_room,
            on_outcome=self._tally.count_repair,
            clock=process.clock,
        )
        self._blocks = self._new_blocks(others.rooms)
        facts = Facts(
            self._people,
            revoked,
            on_keys_rotated=on_keys_rotated,
            on_block=self._blocks.on_changed,
        )
        self._revocations = Revocations(others.auth, facts, revoked=revoked, clock=process.clock)
        self._inbox = self._new_inbox(facts)
        self._sweep = Sweep(process.clock, on_stall=self._doubt)
        self._sender = new_sender(settings, process, self._people, self._relief.unanswered)
        self._watch_lists()
        self._around = self._surroundings(doors, revoked, proxies)
        self._leases = LeaseRounds(
            self._people,
            self._around.sending,
            per_s=settings.leases_per_s,
            clock=process.clock,
        )

    def service(
        self, doors: Doors, listening: ListenerSettings, beside: Callable[[ASGIApp], ASGIApp]
    ) -> Service:
        """Return what the runner has to know."""
        settings, process = self._settings, self._process
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        service = assemble(
            process,
            NAME,
            doors=doors,
            public=(outside, ListeningApi(self._around).endpoints()),
            internal=(inside, []),
            checks={"bus": process.check_bus, "revocations": self._revocations.check},
            workers=self._workers(),
            on_start=[self._open_inbox],
            on_stop=[self._inbox.close, self._repairs.stop],
        )
        public, internal = service.listeners
        site = Site(read_files(settings.web_root), public.app, find=find)
        one_port = replace(
            public,
            app=beside(site),
            protocol=front.protocol(self._around, capped(listening)),
            upgrades=front.upgrades(self._around),
        )
        return replace(service, listeners=(one_port, internal), on_drain=[self._drain])

    def _watch_lists(self) -> None:
        self._tally.watch_lists(
            rooms=lambda: self._hub.room_count,
            holes=lambda: self._hub.hole_count,
            unconfirmed=lambda: len(self._sender),
        )

    def _new_blocks(self, rooms: OtherService) -> Blocks:
        return Blocks(
            rooms,
            self._hub.apart,
            self._people,
            self._relief.unshown,
            settings=self._settings,
            clock=self._process.clock,
        )

    def _new_inbox(self, facts: Facts) -> GatewayInbox:
        return GatewayInbox(
            self._hub,
            self._people,
            facts,
            relief=self._relief,
            tally=self._tally,
            on_gap=self._doubt,
            on_roster=self._report_again,
            clock=self._process.clock,
        )

    def _new_admitting(self, doors: Doors, revoked: RevokedSessions) -> Admitting:
        return Admitting(
            doors.people,
            revoked,
            asking=self._asking,
            blocks=self._blocks,
            people=self._people,
            unattended=self._relief.unattended,
            admission=self._relief.admission,
            connections_per_person=self._settings.connections_per_person,
            clock=self._process.clock,
        )

    def _surroundings(
        self, doors: Doors, revoked: RevokedSessions, proxies: tuple[str, ...]
    ) -> Surroundings:
        settings, process, clock = self._settings, self._process, self._process.clock
        return Surroundings(
            settings=settings,
            limits=limits_of(settings),
            paces=Paces(settings),
            clock=clock,
            chance=process.chance,
            hub=self._hub,
            people=self._people,
            unattended=self._relief.unattended,
            pressure=self._relief.pressure,
            admission=self._relief.admission,
            sweep=self._sweep,
            flusher=Flusher(self._tally.flushes),
            tally=self._tally,
            admitting=self._new_admitting(doors, revoked),
            attaching=Attaching(
                self._hub,
                self._asking,
                self._relief.unshown,
                self._relief.unattended,
                settings=settings,
                clock=clock,
            ),
            syncing=Syncing(self._asking, clock=clock),
            sending=Sending(
                self._sender,
                unanswered=self._relief.unanswered,
                origin=self._inbox.address,
                gateway=self._name,
                shards=process.spread.shards,
                command_timeout_s=settings.command_timeout_s,
                clock=clock,
                chance=process.chance,
            ),
            typing=self._relief.typing,
            trusted_proxies=proxies,
        )

    @property
    def _name(self) -> str:
        """This gateway's name on the bus and to presence."""
        return f"{NAME}.{self._process.instance}"

    def _workers(self) -> list[Worker]:
        return [
            Worker("sweep", self._sweep.run),
            Worker("holes", self._repairs.close_holes),
            Worker("heads", self._repairs.compare_heads),
            Worker("leases", self._leases.run),
            *self._relief.workers(self._inbox),
            Worker("blocks", self._blocks.run),
            Worker("revocations", self._revocations.run),
            Worker("forgetting", self._revocations.forget_expired),
            Worker("tally", partial(self._tally.run, self._process.clock)),
            *(Worker(f"sender_{at}", run) for at, run in enumerate(self._sender.runs())),
        ]

    def _doubt(self) -> None:
        """Compare notes with all other services: something may have been missed."""
        self._repairs.doubt()
        self._revocations.doubt()
        self._blocks.doubt()
        self._relief.unshown.add(self._hub.room_ids)

    def _report_again(self, roster: UUID) -> None:
        self._leases.begin(roster)

    async def _open_inbox(self) -> None:
        await self._inbox.open(
            self._process.bus,
            gateway=self._name,
            event_buckets=self._process.spread.event_buckets,
        )

    async def _drain(self) -> None:
        """Send the clients away, then see that what they ordered is on the bus."""
        drain = Drain(
            self._sweep,
            self._relief.admission,
            settings=self._settings,
            clock=self._process.clock,
            chance=self._process.chance,
        )
        await drain.run()
        await self._sender.drain(self._settings.publish_timeout_s)
