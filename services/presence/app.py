"""Builds presence out of its parts; everything that reaches outside is passed in."""

from typing import Final

from libs.common.bus.asking import Asker
from libs.common.bus.topology import COMMAND_PREFETCH, person_commands
from libs.common.bus.worker import CommandWorker
from libs.common.client import InternalClient
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    SharedRoomsAnswer,
    SharedRoomsRequest,
)
from libs.common.contracts.rooms import RoomKind
from libs.common.migrate import check_schema
from libs.common.migrations import Schema, read_migrations
from libs.common.postgres import Database
from libs.common.process import Built, Doors, Process, build
from libs.common.service import Worker
from services.presence.api import PresenceApi
from services.presence.consumers import PersonCommands
from services.presence.core import Roster
from services.presence.settings import PresenceSettings
from services.presence.store import Store

NAME: Final = "presence"


def schema(role: str) -> Schema:
    """Return the schema of presence; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.presence"))


class RoomsService:
    """The rooms service, as far as presence needs it."""

    def __init__(self, client: InternalClient) -> None:
        self._client = client

    async def among(self, person_id: PersonId, others: list[PersonId]) -> set[PersonId]:
        asked = SharedRoomsRequest(person_id=person_id, person_ids=others)
        answer = await self._client.post("/internal/acquaintances", SharedRoomsAnswer, body=asked)
        return {*answer.person_ids, person_id}

    async def may_see(self, person_id: PersonId, room_id: RoomId) -> bool:
        asked = AccessRequest(room_id=room_id, person_ids=[person_id])
        answer = await self._client.post("/internal/access", AccessAnswer, body=asked)
        return answer.kind is RoomKind.PUBLIC or person_id in answer.roles


def presence(
    process: Process,
    settings: PresenceSettings,
    *,
    doors: Doors,
    database: Database,
    role: str,
    rooms: InternalClient,
) -> Built:
    """Build presence; it serves every shard of people."""
    roster = Roster(lease_s=settings.lease_s, close_grace_s=settings.close_grace_s)
    store = Store(database)
    commands = PersonCommands(
        bus=process.bus,
        roster=roster,
        store=store,
        settings=settings,
        event_buckets=process.spread.event_buckets,
        clock=process.clock,
        chance=process.chance,
    )
    worker = CommandWorker(commands, process.clock)
    asker = Asker(process.bus, f"{NAME}.{process.instance}")
    api = PresenceApi(
        roster=roster,
        store=store,
        acquaintances=RoomsService(rooms),
        asker=asker,
        settings=settings,
        shards=process.spread.shards,
        clock=process.clock,
    )

    async def start() -> None:
        await check_schema(database, schema(role))
        roster.remember(await store.choices())
        await asker.start()
        for shard in range(process.spread.shards):
            intake = worker.add_intake()
            intake.consumer = await process.bus.consume(
                person_commands(shard), intake.on_delivery, prefetch=COMMAND_PREFETCH
            )

    return build(
        process,
        NAME,
        doors=doors,
        public=api.public(),
        internal=api.internal(),
        checks={"database": database.check},
        workers=[
            Worker("person_commands", worker.run),
            Worker("leases", commands.expire_leases),
            Worker("last_seen", commands.keep_last_seen),
        ],
        on_start=[start],
        on_stop=[asker.stop, commands.flush_last_seen],
    )
