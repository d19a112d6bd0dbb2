"""A command that the database never does in time holds up the others for a while, not for ever."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from libs.common.bus.worker import RETRY_S
from libs.common.contracts.commands import Command, PostMessage, decode_commands
from libs.common.patience import MAX_SLOW_TRIES
from tests.integration.messages.around import BOB
from tests.integration.messages.house import House, house_at
from tests.integration.messages.test_crashes import dead_of
from tests.support.service_database import service_pool

HOUR_S = 3600
ANSWERED_S = 30

# `molasses` is never written in time, the third `honey` is: the sequence counts what failed too.
# It ends as a statement does that Postgres ends for its time, at once and on any machine.
SLOW_WORDS = """
    CREATE SEQUENCE messages.honey;
    GRANT USAGE ON SEQUENCE messages.honey TO PUBLIC;
    CREATE FUNCTION messages.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF new.content = 'molasses' OR new.content = 'honey' AND nextval('messages.honey') < 3 THEN
            RAISE query_canceled;
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER wait BEFORE INSERT ON messages.log FOR EACH ROW EXECUTE FUNCTION messages.wait();
"""


WORDS_AS_BEFORE = """
    DROP TRIGGER wait ON messages.log;
    DROP FUNCTION messages.wait;
    DROP SEQUENCE messages.honey;
"""


@pytest.fixture
async def slow_house(dsn: str) -> AsyncIterator[House]:
    """Messages, and words that take too long."""
    owner = await asyncpg.connect(dsn, server_settings={"role": "none"})
    await owner.execute(SLOW_WORDS)
    async with service_pool(dsn, "messages") as database, house_at(database) as house:
        await house.lobby()
        yield house
    await owner.execute(WORDS_AS_BEFORE)
    await owner.close()


def patient(house: House, text: str) -> Command:
    """Return a command without a deadline that would end its tries, like those of rooms."""
    return house.command(BOB, PostMessage(text), deadline=house.clock.now() + HOUR_S)


async def answered(house: House, *commands: Command) -> None:
    """Return when all have their answers; time goes on, so that the worker tries again."""
    async with asyncio.timeout(ANSWERED_S):
        for command in commands:
            while command.ref not in house.heard.answers:
                await house.database.check()
                await house.clock.advance(RETRY_S)


async def test_a_command_that_is_always_too_slow_is_buried_and_its_neighbours_are_obeyed(
    slow_house: House,
) -> None:
    dead = await dead_of(slow_house)
    commands = [patient(slow_house, text) for text in ("before", "molasses", "after")]

    await slow_house.send(*commands)
    await answered(slow_house, *commands)

    before, slow, after = [await slow_house.answer(one) for one in commands]
    assert (before["data"]["seq"], after["data"]["seq"]) == (3, 4)
    assert (slow["type"], slow["data"]["code"]) == ("error", "internal")
    [buried] = decode_commands((await dead()).body)
    assert buried.command_id == commands[1].command_id


async def test_a_command_that_was_slow_at_first_is_obeyed_in_the_end(slow_house: House) -> None:
    assert MAX_SLOW_TRIES > 3
    command = patient(slow_house, "honey")

    await slow_house.send(command)
    await answered(slow_house, command)

    assert (await slow_house.answer(command))["data"]["seq"] == 3
