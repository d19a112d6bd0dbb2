"""Words that open guest rooms: whatever keyboard writes them, and not without end at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.rooms.api.door_passwords import DoorBusy, DoorPasswords
from services.rooms.settings import RoomsSettings


@pytest.fixture
async def passwords() -> AsyncIterator[DoorPasswords]:
    passwords = DoorPasswords(RoomsSettings(guest_hash_queue=1))
    yield passwords
    await passwords.close()


async def test_a_word_opens_however_its_letters_are_composed(passwords: DoorPasswords) -> None:
    stored = await passwords.hash("caf\u00e9")
    assert stored is not None

    assert await passwords.is_right("cafe\u0301", stored)
    assert not await passwords.is_right("cafe", stored)


async def test_what_is_no_hash_belongs_to_no_word(passwords: DoorPasswords) -> None:
    assert not await passwords.is_right("caf\u00e9", "plain")


async def test_a_door_without_a_word_has_no_hash(passwords: DoorPasswords) -> None:
    assert await passwords.hash(None) is None


async def test_a_full_queue_refuses_at_once_and_only_then(passwords: DoorPasswords) -> None:
    at_once = await asyncio.gather(
        passwords.hash("one"), passwords.hash("two"), return_exceptions=True
    )
    later = await passwords.hash("two")

    assert [type(outcome) for outcome in (*at_once, later)] == [str, DoorBusy, str]
