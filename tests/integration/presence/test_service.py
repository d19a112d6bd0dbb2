"""Presence as others meet it: commands over the bus in, signals and answers out, and HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from libs.common.bus.interface import Delivery, Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import (
    COMMANDS,
    Spread,
    bucket_bindings,
    dead_letters,
    person_command_key,
)
from libs.common.chance import SystemChance
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    LeaseChange,
    Payload,
    PostMessage,
    ReportLease,
    SetPresence,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.events import ANSWER_BATCH, decode_answers, decode_signals
from libs.common.contracts.ids import CommandId, ConnectionId
from libs.common.contracts.people import Person
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Doors, Process
from libs.common.service import Service
from services.presence.app import build
from services.presence.settings import PresenceSettings
from tests.integration.presence.neighbours import (
    ALICE,
    BOB,
    LOBBY,
    BackDoor,
    Door,
    Minter,
    rooms,
)

PATIENCE_S = 5.0


@dataclass
class House:
    """A running presence service and somebody who hears everything on the bus."""

    bus: LocalBus
    service: Service
    heard: asyncio.Queue[Delivery]
    address: str

    def app(self, name: str) -> ASGIApp:
        return next(one.app for one in self.service.listeners if one.name == name)

    async def tell(self, person: Person, payload: Payload, ref: str | None = None) -> None:
        command = Command(
            kind_of(payload),
            person.id,
            person,
            CommandId("c-1"),
            ref,
            self.address,
            ConnectionId("phone"),
            "r-1",
            "",
            0.0,
            write_payload(payload),
        )
        body = encode_commands([command])
        key = person_command_key(person.id, 2)
        message = Outgoing(COMMANDS, key, COMMAND_BATCH, body, is_mandatory=True)
        await self.bus.publish(message, timeout_s=PATIENCE_S)

    async def next(self) -> Delivery:
        async with asyncio.timeout(PATIENCE_S):
            return await self.heard.get()

    async def next_signal(self) -> dict[str, Any]:
        [signal] = decode_signals((await self.next()).body)
        return dict(json.loads(signal.frame)["data"])

    async def ask(self, path: str, **body: Any) -> Any:
        """Ask as a gateway does."""
        transport = httpx.ASGITransport(app=self.app(INTERNAL))
        headers = {"authorization": "Bearer gateway"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://presence.test", headers=headers
        ) as http:
            return (await http.post(path, json=body)).json()

    @asynccontextmanager
    async def as_person(self, name: str) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app(PUBLIC))
        headers = {"authorization": f"Bearer {name}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://chat.test", headers=headers
        ) as http:
            yield http


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    clock = SystemClock()
    chance = SystemChance(clock)
    bus = LocalBus(clock)
    heard: asyncio.Queue[Delivery] = asyncio.Queue()
    inbox = await bus.open_inbox(
        "test", bucket_bindings("s", 1), heard.put_nowait, on_gap=lambda: None
    )
    service = build(
        PresenceSettings(),
        Process(
            "1",
            bus,
            Spread(shards=2, event_buckets=1),
            clock,
            chance,
            CollectorRegistry(),
            HttpSettings(),
        ),
        doors=Doors(Door(), BackDoor()),
        database=database,
        rooms=InternalClient(
            "rooms",
            "http://rooms.test",
            settings=ClientSettings(),
            tokens=Minter(),
            clock=clock,
            chance=chance,
            transport=httpx.MockTransport(rooms),
        ),
    )
    for hook in service.on_start:
        await hook()
    working = [asyncio.create_task(worker.run()) for worker in service.workers]
    yield House(bus, service, heard, inbox.address)
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    for hook in service.on_stop:
        await hook()


def opened() -> ReportLease:
    return ReportLease(LeaseChange.OPENED, ConnectionId("phone"), "gw.1", rooms=(LOBBY,))


async def test_a_room_hears_that_somebody_came(house: House) -> None:
    await house.tell(ALICE, opened())

    signal = await house.next_signal()

    assert (signal["person_id"], signal["state"]) == (str(ALICE.id), "online")


async def test_members_see_who_is_in_the_room(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    async with house.as_person("Bob") as bob:
        answer = await bob.get(f"/v1/rooms/{LOBBY}/presence")

    assert answer.json() == {"room_id": str(LOBBY), "users": [str(ALICE.id)], "count": 1}


async def test_outsiders_do_not_learn_that_the_room_is_there(house: House) -> None:
    async with house.as_person("Charlie") as charlie:
        answer = await charlie.get(f"/v1/rooms/{LOBBY}/presence")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_only_people_who_share_a_room_see_each_other(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()
    query = {"user_ids": str(ALICE.id)}

    async with house.as_person("Bob") as bob, house.as_person("Charlie") as charlie:
        seen_by_bob = (await bob.get("/v1/presence", params=query)).json()["items"]
        seen_by_charlie = (await charlie.get("/v1/presence", params=query)).json()["items"]

    assert [one["state"] for one in seen_by_bob] == ["online"]
    assert [one["state"] for one in seen_by_charlie] == ["offline"]


async def test_a_wish_over_http_is_kept_and_told(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    async with house.as_person("Alice") as alice:
        answer = await alice.put("/v1/presence", json={"state": "away", "status_text": "lunch"})

    assert answer.json() == {"state": "away", "status_text": "lunch"}
    assert (await house.next_signal())["state"] == "away"


async def test_a_wish_over_the_socket_gets_its_one_answer(house: House) -> None:
    await house.tell(ALICE, SetPresence("dnd"), ref="7")

    delivery = await house.next()
    [answer] = decode_answers(delivery.body)

    assert delivery.type == ANSWER_BATCH
    assert (answer.ref, json.loads(answer.frame)["type"]) == ("7", "ack")


async def test_an_unknown_state_is_refused(house: House) -> None:
    await house.tell(ALICE, SetPresence("dancing"), ref="7")

    [answer] = decode_answers((await house.next()).body)

    error = json.loads(answer.frame)
    assert (error["type"], error["data"]["code"]) == ("error", "invalid")
    assert "state" in error["data"]["fields"]


async def test_gateways_learn_who_is_in_their_rooms(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    answer = await house.ask("/internal/online", room_ids=[str(LOBBY)])

    assert answer["rooms"][0]["person_ids"] == [str(ALICE.id)]


async def test_gateways_learn_what_people_chose(house: House) -> None:
    await house.tell(ALICE, SetPresence("invisible"), ref="7")
    await house.next()

    answer = await house.ask("/internal/chosen", person_ids=[str(ALICE.id), str(BOB.id)])

    assert answer == {"chosen": {str(ALICE.id): "invisible"}}


async def test_who_becomes_invisible_is_told_of_as_if_they_had_left(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    await house.tell(ALICE, SetPresence("invisible"))

    signal = await house.next_signal()
    assert (signal["state"], "last_seen" in signal) == ("offline", True)


async def test_a_command_that_is_not_for_people_is_buried_and_others_go_on(house: House) -> None:
    buried: asyncio.Queue[Delivery] = asyncio.Queue()
    await house.bus.consume(dead_letters(), buried.put_nowait, prefetch=10)

    await house.tell(ALICE, PostMessage("wrong door"), ref="7")
    await house.tell(ALICE, opened())

    [answer] = decode_answers((await house.next()).body)
    assert msgspec.json.decode(answer.frame)["data"]["code"] == "internal"
    assert (await house.next_signal())["state"] == "online"
    async with asyncio.timeout(PATIENCE_S):
        assert (await buried.get()).type == COMMAND_BATCH
