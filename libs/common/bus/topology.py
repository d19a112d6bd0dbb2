"""The names, keys and bounds of everything on the bus.

    chat.cmd     m.<shard>   commands to the owner of a room's log
                 p.<shard>   what gateways tell the owner of a person's presence
    chat.events  e.<B>.<b>   durable events of rooms
                 s.<B>.<b>   signals of rooms: typing, presence, receipts
                 u.<B>.<b>   frames for one person's connections
                 h.<B>.<b>   head digests
                 roster      presence has started: to every gateway
    chat.facts   auth.user.updated ...   facts that others keep a copy of
    chat.reply   <inbox>     answers, to the instance that asked
    chat.dead                commands that nobody could obey

`shard = crc32(subject) % shards` and `b = crc32(room or person) % B`, both computed by the
publisher, so that routing needs no plugin and is the same in every process and for ever (never
Python's `hash`). B stands in the key, so that old and new instances cannot mix while it is being
changed.
"""

from typing import Final
from uuid import UUID
from zlib import crc32

from pydantic import Field

from libs.common.bus.interface import Binding, Exchange, ExchangeKind, Queue, WhenFull
from libs.common.settings import Settings

COMMANDS: Final = Exchange("chat.cmd", ExchangeKind.DIRECT, keeps=True)
EVENTS: Final = Exchange("chat.events", ExchangeKind.DIRECT, keeps=False)
FACTS: Final = Exchange("chat.facts", ExchangeKind.TOPIC, keeps=True)
REPLY: Final = Exchange("chat.reply", ExchangeKind.DIRECT, keeps=False)
DEAD: Final = Exchange("chat.dead", ExchangeKind.DIRECT, keeps=True)

EXCHANGES: Final = (COMMANDS, EVENTS, FACTS, REPLY, DEAD)

MIB: Final = 1024 * 1024

COMMAND_QUEUE_LENGTH: Final = 20_000
"""Batches, of up to 500 commands each: minutes of work. Beyond it a sender hears `unavailable` at
once.
"""

COMMAND_QUEUE_BYTES: Final = 64 * MIB
INBOX_LENGTH: Final = 20_000
INBOX_BYTES: Final = 32 * MIB
INBOX_TTL_S: Final = 30.0
"""An event that waited longer is worthless to a gateway: the gap rule has read it from the log by
then.
"""

DEAD_LENGTH: Final = 10_000
DEAD_KEY: Final = "dead"

COMMAND_PREFETCH: Final = 64
"""Batches in hand per queue; more gains nothing, and all of them come again when the consumer
dies.
"""


class Spread(Settings):
    """Over how many queues and keys the work is spread: `BUS_` and the field, in capitals.

    Equal in all processes of one installation.
    """

    shards: int = Field(default=8, ge=1, le=1024)
    """Queues over which rooms and people are spread: about twice the instances of a service."""

    event_buckets: int = Field(default=1, ge=1, le=4096)
    """Keys over which events are spread; 1 sends everything to every gateway, right for ten."""


ROSTER_KEY: Final = "roster"


def shard_of(subject: UUID, shards: int) -> int:
    return crc32(subject.bytes) % shards


def bucket_key(letter: str, subject: UUID, buckets: int) -> str:
    """Return the routing key of `letter` (e, s, u or h) for a room or a person."""
    return f"{letter}.{buckets}.{crc32(subject.bytes) % buckets}"


def room_command_key(room_id: UUID, shards: int) -> str:
    return f"m.{shard_of(room_id, shards)}"


def person_command_key(person_id: UUID, shards: int) -> str:
    return person_shard_key(shard_of(person_id, shards))


def person_shard_key(shard: int) -> str:
    """Return the key of what concerns every person of a shard."""
    return f"p.{shard}"


def room_commands(shard: int) -> Queue:
    return _commands(f"messages.cmd.{shard}", f"m.{shard}")


def person_commands(shard: int) -> Queue:
    return _commands(f"presence.cmd.{shard}", person_shard_key(shard))


def facts_for(service: str, *patterns: str) -> Queue:
    """Return the queue in which a service finds the facts that it keeps a copy of."""
    return Queue(
        name=f"{service}.facts",
        bindings=tuple(Binding(FACTS, pattern) for pattern in patterns),
        max_length=COMMAND_QUEUE_LENGTH,
        max_bytes=COMMAND_QUEUE_BYTES,
        when_full=WhenFull.REFUSE,
        single_active=True,
    )


def dead_letters() -> Queue:
    return Queue(
        name="chat.dead",
        bindings=(Binding(DEAD, DEAD_KEY),),
        max_length=DEAD_LENGTH,
        max_bytes=COMMAND_QUEUE_BYTES,
        when_full=WhenFull.DROP_OLDEST,
    )


def bucket_bindings(letters: str, buckets: int) -> tuple[Binding, ...]:
    """Return bindings for all buckets of each letter: a gateway that hears everything."""
    return tuple(
        Binding(EVENTS, f"{letter}.{buckets}.{bucket}")
        for letter in letters
        for bucket in range(buckets)
    )


def _commands(name: str, key: str) -> Queue:
    return Queue(
        name=name,
        bindings=(Binding(COMMANDS, key),),
        max_length=COMMAND_QUEUE_LENGTH,
        max_bytes=COMMAND_QUEUE_BYTES,
        when_full=WhenFull.REFUSE,
        single_active=True,
    )
