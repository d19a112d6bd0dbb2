"""The crash points by name, and the kinds of command that come by each.

    messages   received > decided > written > committed > told > settled, and again after a crash
    outbox     put > committed > read > published > removed, in rooms and in auth
    gateway    taken from a client > on the bus

`python -m tests.chaos.crashes.run` hits all of them, one by one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from libs.common.bus.topology import EVENTS, REPLY
from tests.chaos.crashes.armed import Armed
from tests.chaos.crashes.hands import (
    MARK_READ,
    Hands,
    of_batch,
    of_changes,
    of_erasure,
    of_fact,
    of_frames,
    of_one,
    of_receipts,
    of_wish,
)
from tests.chaos.crashes.places import Moment, Place

BEFORE, AFTER = Moment.BEFORE, Moment.AFTER

ANSWERED: Final = "messages: answers told, events not"
HEARD: Final = "messages: events told, answers not"
COMMITTED: Final = "messages: committed, nothing told"
BEGUN_AGAIN: Final = "messages: begun again after a crash"

MESSAGES: Final = "services.messages.consumers"
STORE: Final = "services.messages.store"
SENDER: Final = "libs.common.bus.sender:CommandSender"
RELAY: Final = "libs.common.relay:Relay"
ERASURES: Final = "libs.common.erasures:Erasures.erase"
SIGNING: Final = "libs.common.tokens.receipts:Receipts.sign"
RENAMING: Final = "services.rooms.consumers.people:PeopleFacts.on_user_changed"

hands: Final = Hands()

POINTS: Final[Mapping[str, Mapping[str, Sequence[Place]]]] = {
    "messages": {
        "messages: received": [Place(BEFORE, f"{MESSAGES}.commands:RoomCommands.obey", of_batch)],
        "messages: decided, not written": [
            Place(BEFORE, f"{STORE}.log:LogStore.write", of_changes),
            Place(BEFORE, f"{STORE}.receipts:ReceiptStore.move", lambda *_: {MARK_READ}),
        ],
        "messages: written, not committed": [Place(BEFORE, f"{STORE}.effects:apply", of_changes)],
        COMMITTED: [Place(BEFORE, f"{MESSAGES}.telling:Teller.tell", hands.tell)],
        "messages: told, not settled": [
            Place(AFTER, f"{MESSAGES}.telling:Teller.tell", hands.tell)
        ],
        "messages: settled": [
            Place(AFTER, "libs.common.bus.rabbit.hearing:Hearing.settle", hands.settle)
        ],
        BEGUN_AGAIN: [Place(AFTER, f"{MESSAGES}.commands:RoomCommands.count_try", of_batch)],
        "messages: put aside": [Place(AFTER, f"{MESSAGES}.aside:Aside.put", of_one)],
        "messages: cursor moved, others not told": [
            Place(BEFORE, f"{MESSAGES}.receipts:Receipts._publish", of_receipts)
        ],
        "messages: asked over HTTP": [Place(BEFORE, "libs.common.bus.asking:Asker.ask", of_wish)],
        "messages: answered, HTTP not": [Place(AFTER, "libs.common.bus.asking:Asker.ask", of_wish)],
    },
    "gateway": {
        "gateway: taken from the client": [Place(BEFORE, f"{SENDER}.send", of_frames)],
        "gateway: on the bus, not answered": [Place(AFTER, f"{SENDER}._publish", of_frames)],
    },
    "rooms": {
        "rooms: put into the outbox": [Place(AFTER, "libs.common.outbox:put", hands.put_row)],
        "rooms: committed, not relayed": [Place(AFTER, f"{RELAY}.wake", hands.commit)],
        "rooms: read, not published": [
            Place(BEFORE, "services.rooms.consumers.rooms:RoomNews.publish", hands.relay)
        ],
        "rooms: published, not removed": [
            Place(AFTER, "services.rooms.consumers.rooms:RoomNews.publish", hands.relay)
        ],
        "rooms: removed": [Place(AFTER, f"{RELAY}._publish_oldest", hands.remove)],
        "rooms: fact heard": [Place(BEFORE, RENAMING, of_fact)],
        "rooms: fact kept, not settled": [Place(AFTER, RENAMING, of_fact)],
    },
    "auth": {
        "auth: put into the outbox": [Place(AFTER, "services.auth.store.facts:put", hands.put_row)],
        "auth: committed, not relayed": [Place(AFTER, f"{RELAY}.wake", hands.commit)],
        "auth: read, not published": [
            Place(BEFORE, "services.auth.consumers.facts:FactPublisher.publish", hands.relay)
        ],
        "auth: published, not removed": [
            Place(AFTER, "services.auth.consumers.facts:FactPublisher.publish", hands.relay)
        ],
        "auth: removed": [Place(AFTER, f"{RELAY}._publish_oldest", hands.remove)],
    },
}
"""For each service its points."""

OF_ERASURE: Final[Mapping[str, Mapping[str, Sequence[Place]]]] = {
    service: {
        f"{service}: asked to erase": [Place(BEFORE, ERASURES, of_erasure)],
        f"{service}: erased, not signed": [Place(BEFORE, SIGNING, of_erasure)],
        f"{service}: signed, not kept": [Place(AFTER, SIGNING, of_erasure)],
        f"{service}: told auth": [Place(AFTER, ERASURES, of_erasure)],
    }
    for service in ("rooms", "messages", "presence")
}
"""For each service that auth asks its points in an erasure, which go on turn by turn."""

HALVES: Final = {ANSWERED: REPLY, HEARD: EVENTS}
"""Points at which only one exchange has got what there is to tell."""

PUBLISH: Final = Place(BEFORE, f"{MESSAGES}.telling:publish", lambda *_: hands.told)


def watch(service: str, armed: Armed) -> None:
    """Let this process come by the points of its service."""
    for point, places in {**POINTS.get(service, {}), **OF_ERASURE.get(service, {})}.items():
        for place in places:
            place.watch(point, armed.pass_by)
    if service == "messages":
        _watch_halves(armed)


def _watch_halves(armed: Armed) -> None:
    """Let what is told reach one exchange only, if that is where to die."""
    holder, name = PUBLISH.find()
    publish = getattr(holder, name)

    async def by_halves(bus: Any, outbound: Any, *, timeout_s: float) -> None:
        for point, exchange in HALVES.items():
            if armed.is_armed(point, hands.told):
                messages = [one for one in outbound.messages() if one.exchange is exchange]
                await asyncio.gather(*(bus.publish(one, timeout_s=timeout_s) for one in messages))
                armed.pass_by(point, hands.told)
        await publish(bus, outbound, timeout_s=timeout_s)

    setattr(holder, name, by_halves)
