"""What the endpoints of rooms are made of, each made once."""

from dataclasses import dataclass

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.postgres import Database
from libs.common.rates_postgres import PostgresRates
from services.rooms.api.door_passwords import DoorPasswords
from services.rooms.api.doors import GuestDoors
from services.rooms.api.guest_tokens import GuestTokens
from services.rooms.api.people import People
from services.rooms.settings import RoomsSettings
from services.rooms.store.blocks import BlockStore
from services.rooms.store.founding import Founding
from services.rooms.store.guests import GuestStore
from services.rooms.store.members import MemberStore
from services.rooms.store.rooms import RoomStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Links to the web client begin with `public_url`."""

    database: Database
    rooms: RoomStore
    founding: Founding
    members: MemberStore
    blocks: BlockStore
    guests: GuestStore
    people: People
    passwords: DoorPasswords
    doors: GuestDoors
    tokens: GuestTokens
    rates: PostgresRates
    public_url: str
    settings: RoomsSettings
    clock: Clock
    chance: Chance
