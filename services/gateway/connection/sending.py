"""Puts what clients order on the bus, in the name of their connection."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol
from uuid import UUID

from libs.common.bus.topology import person_command_key, person_shard_key, room_command_key
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    Command,
    CompleteReport,
    LeaseChange,
    Payload,
    ReportLease,
    kind_of,
    write_payload,
)
from libs.common.contracts.ids import CommandId, ConnectionId, PersonId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import ChatError, Unavailable
from libs.common.tracing import Trace
from services.gateway.connection.client import Client
from services.gateway.core.effects import Submit
from services.gateway.core.unanswered import OwnerIsSlow, Unanswered
from services.gateway.hub.people import People

NOBODY: Final = ""
"""Origin of a command whose answer nobody waits for."""

NOWHERE: Final = ConnectionId("")
"""Connection of a command that the gateway gives by itself."""


AGAIN_AFTER_S: Final = (1.0, 3.0)
"""After how long, by chance, a client tries again whose command was not taken."""


class CommandSender(Protocol):
    def send(self, key: str, command: Command) -> None:
        """Send a command after all that were sent to `key` before.  Raises: Unavailable."""
        ...


class Sending:
    """`origin` gives the address at which answers reach this gateway now."""

    def __init__(
        self,
        sender: CommandSender,
        *,
        unanswered: Unanswered,
        origin: Callable[[], str],
        gateway: str,
        shards: int,
        command_timeout_s: float,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._sender = sender
        self._unanswered = unanswered
        self._origin = origin
        self._gateway = gateway
        self._shards = shards
        self._command_timeout_s = command_timeout_s
        self._clock = clock
        self._chance = chance

    def submit(self, client: Client, wanted: Submit) -> None:
        """Send a command on; when that cannot be, or its owner is slow, its client hears so at
        once.
        """
        try:
            self._send(client, wanted.subject, wanted.payload, wanted.command_id, ref=wanted.ref)
        except Unavailable as refusal:
            if wanted.ref is not None:
                client.do(client.session.refuse(wanted.ref, refusal))

    def report(self, client: Client, change: LeaseChange) -> bool:
        """Tell presence that a connection lives, or no more; the next report makes up for a lost
        one. Return False if this one was not even taken.
        """
        rooms = () if change is LeaseChange.CLOSED else client.session.duties.places.attached
        lease = ReportLease(change, client.connection_id, self._gateway, tuple(rooms))
        command_id = CommandId(f"{client.connection_id}-lease")
        try:
            self._send(client, client.person_id, lease, command_id, ref=None)
        except Unavailable:
            return False
        return True

    def complete_report(self, roster: UUID) -> bool:
        """Tell presence, behind all leases, that those were all; return False if that failed."""
        nobody = Person(PersonKind.SYSTEM, PersonId(roster), self._gateway)
        command_id = CommandId(f"{self._gateway}-{roster}")
        try:
            for shard in range(self._shards):
                said = CompleteReport(self._gateway, shard)
                command = self._command(nobody, NOWHERE, roster, said, command_id, ref=None)
                self._sender.send(person_shard_key(shard), command)
        except Unavailable:
            return False
        return True

    def _send(
        self,
        client: Client,
        subject: UUID,
        payload: Payload,
        command_id: CommandId,
        *,
        ref: str | None,
    ) -> None:
        bearer = client.session.bearer
        if bearer is None:
            return
        command = self._command(
            bearer.person, client.connection_id, subject, payload, command_id, ref=ref
        )
        key_of = person_command_key if command.kind in PERSON_PAYLOADS else room_command_key
        key = key_of(subject, self._shards)
        if ref is None:
            self._sender.send(key, command)
            return
        ask = (client.connection_id, ref)
        now = self._clock.monotonic()
        if not self._unanswered.may_add(key, now):
            raise OwnerIsSlow(retry_after_ms=round(1000 * self._chance.uniform(*AGAIN_AFTER_S)))
        self._unanswered.add(key, ask, now)
        try:
            self._sender.send(key, command)
        except Unavailable:
            self._unanswered.drop(ask)
            raise

    def _command(
        self,
        actor: Person,
        connection: ConnectionId,
        subject: UUID,
        payload: Payload,
        command_id: CommandId,
        *,
        ref: str | None,
    ) -> Command:
        hop = self._first_hop()
        return Command(
            kind=kind_of(payload),
            subject=subject,
            actor=actor,
            command_id=command_id,
            ref=ref,
            origin=NOBODY if ref is None else self._origin(),
            connection=connection,
            request_id=hop.request_id,
            traceparent=hop.traceparent,
            deadline=self._clock.now() + self._command_timeout_s,
            payload=write_payload(payload),
        )

    def _first_hop(self) -> Trace:
        """Return the beginning of a command's trace, made from one id since there are many."""
        number = self._chance.new_id()
        return Trace(str(number), number.hex, number.hex[16:], is_sampled=False)


def tell_refused(
    people: People, unanswered: Unanswered, commands: Sequence[Command], refusal: ChatError
) -> None:
    """Tell the clients of commands that the bus did not take."""
    for command in commands:
        if command.ref is not None:
            unanswered.drop((command.connection, command.ref))
        listener = people.connection(command.connection)
        if listener is not None and command.ref is not None:
            listener.refused(command.ref, refusal)
