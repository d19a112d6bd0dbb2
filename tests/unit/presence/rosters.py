"""A roster, and what gateways report to it, as its tests say it."""

from uuid import UUID

from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from services.presence.core.roster import Roster
from services.presence.model import Change, Shown

NOW = 1_700_000_000.0
LEASE_S = 45.0
GRACE_S = 3.0

ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))
CHARLIE = PersonId(UUID(int=3))
LOBBY = RoomId(UUID(int=11))
KITCHEN = RoomId(UUID(int=12))

PHONE = ConnectionId("phone")
LAPTOP = ConnectionId("laptop")


def roster(*, is_whole: bool = True) -> Roster:
    people = Roster(lease_s=LEASE_S, close_grace_s=GRACE_S)
    people.is_whole = is_whole
    return people


def opened(connection: ConnectionId, *rooms: RoomId) -> ReportLease:
    return ReportLease(LeaseChange.OPENED, connection, "gw.1", rooms=rooms)


def renewed(connection: ConnectionId, *rooms: RoomId) -> ReportLease:
    return ReportLease(LeaseChange.RENEWED, connection, "gw.1", rooms=rooms)


def closed(connection: ConnectionId) -> ReportLease:
    return ReportLease(LeaseChange.CLOSED, connection, "gw.1")


def told(changes: list[Change]) -> list[tuple[Shown, set[RoomId]]]:
    return [(change.look.shown, set(change.rooms)) for change in changes]
