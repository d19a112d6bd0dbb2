"""A broker or a database that is not as it should be: a clear line each, and a wait or a stop.

Every test starts `python -m services run` as an operator does.
"""

import json
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import aio_pika
import asyncpg
import pytest

from libs.common.bus.topology import room_commands
from services.nodes.rabbitmq.accounts import Rights
from tests.integration.bus.cable import laid_to
from tests.support.alone import Alone
from tests.support.ports import free_port
from tests.support.rabbitmq import Brokers
from tests.support.waiting import eventually

CANNOT = "Hubbub cannot start: "

HBA_FILE = "SHOW hba_file"
ASK_FOR_PASSWORDS = "local {database} all scram-sha-256\n"


async def refusal(service: Alone) -> str:
    """Return the last thing that a service says that cannot start, without a traceback."""
    async with service:
        status = await service.ended()

    assert status == 1, service.output
    assert not [line for line in service.output if "Traceback" in line], service.output
    assert not [line for line in service.output if "exception" in line], service.output
    return service.output[-1]


async def reason(service: Alone) -> str:
    """Return what a service logs whose start failed, on a single line."""
    await refusal(service)

    (line,) = [json.loads(one) for one in service.output if "service_start_failed" in one]
    assert line["level"] == "error"
    told: str = line["reason"]
    assert "\n" not in told
    return told


@pytest.fixture
def settings(bus_url: str, database_url: str) -> dict[str, str]:
    return {"BUS_URL": bus_url, "DATABASE_URL": database_url}


@pytest.mark.parametrize("service", ["messages", "gateway"])
async def test_a_broker_that_comes_late_is_waited_for(
    service: str, service_keys: Path, settings: dict[str, str]
) -> None:
    async with laid_to(settings["BUS_URL"]) as cable:
        cable.pull_out()
        settings["BUS_URL"] = cable.url

        async with Alone("run", service, keys=service_keys, settings=settings) as process:
            await process.says("broker_away")
            assert await process.failing() is None

            cable.plug_in()
            await process.works("bus", "database")


async def test_a_broker_that_does_not_come_stops_the_start(
    service_keys: Path, settings: dict[str, str]
) -> None:
    settings |= {"BUS_URL": f"amqp://a:secret@127.0.0.1:{free_port()}/", "BUS_WAIT_S": "0.3"}

    line = await refusal(Alone("run", "messages", keys=service_keys, settings=settings))

    assert line.startswith(f"{CANNOT}The broker in BUS_URL was not there in 0.3 s")
    assert "secret" not in line


async def test_a_wrong_password_for_the_broker_stops_the_start(
    service_keys: Path, settings: dict[str, str]
) -> None:
    password = urlsplit(settings["BUS_URL"]).password or ""
    settings["BUS_URL"] = settings["BUS_URL"].replace(password, "wrong")

    line = await refusal(Alone("run", "messages", keys=service_keys, settings=settings))

    assert line.startswith(f"{CANNOT}The broker at 127.0.0.1")
    assert "correct the name and the password in BUS_URL" in line


async def test_a_vhost_whose_queues_are_quorum_queues_is_worked_with(
    brokers: Brokers, service_keys: Path, settings: dict[str, str]
) -> None:
    async with brokers.vhost(default_queue_type="quorum") as url:
        settings["BUS_URL"] = url

        async with Alone("run", "messages", keys=service_keys, settings=settings) as process:
            await process.works("bus", "database")


async def test_a_queue_with_other_arguments_stops_the_start(
    service_keys: Path, settings: dict[str, str]
) -> None:
    name = room_commands(3).name
    async with await aio_pika.connect(settings["BUS_URL"]) as connection:
        channel = await connection.channel()
        await channel.declare_queue(name, durable=True, arguments={"x-max-length": 1})

    told = await reason(Alone("run", "messages", keys=service_keys, settings=settings))

    assert told.startswith(f"The broker refuses to declare the queue {name}: PRECONDITION_FAILED")
    assert "delete it once it is empty" in told


async def test_a_user_without_rights_stops_the_start(
    brokers: Brokers, service_keys: Path, settings: dict[str, str]
) -> None:
    async with Alone("queues", keys=service_keys, settings=settings) as preparing:
        assert await preparing.ended() == 0
    stranger = Rights(configure=r"rooms\..*", write=r"rooms\..*", read=r"rooms\..*")
    settings["BUS_URL"] = await brokers.admit(settings["BUS_URL"], stranger)

    told = await reason(Alone("run", "messages", keys=service_keys, settings=settings))

    assert "ACCESS_REFUSED" in told
    assert "Grant the user in BUS_URL this permission" in told


async def test_a_database_that_comes_late_is_waited_for(
    tmp_path: Path, service_keys: Path, settings: dict[str, str]
) -> None:
    there = parse_qs(urlsplit(settings["DATABASE_URL"]).query).get("host", [""])[0]
    if not there.startswith("/"):
        pytest.skip("the database that was given is not on a socket of this machine")
    later = tmp_path / "later"
    settings["DATABASE_URL"] = settings["DATABASE_URL"].replace(
        quote(there, safe=""), quote(str(later), safe="")
    )

    async with Alone("run", "messages", keys=service_keys, settings=settings) as process:
        await process.says("database_not_reached")
        assert await process.failing() is None

        later.symlink_to(there)
        await process.works("bus", "database")


async def test_a_database_that_does_not_come_stops_the_start(
    service_keys: Path, settings: dict[str, str]
) -> None:
    address = f"postgresql://a:secret@127.0.0.1:{free_port()}/hubbub"
    settings |= {"DATABASE_URL": address, "DATABASE_WAIT_S": "0.3"}

    line = await refusal(Alone("run", "messages", keys=service_keys, settings=settings))

    assert line.startswith(f"{CANNOT}The database of DATABASE_URL cannot be reached")
    assert "secret" not in line


async def test_a_wrong_password_for_the_database_stops_the_start(
    service_keys: Path, settings: dict[str, str]
) -> None:
    await ask_for_passwords(settings["DATABASE_URL"])

    line = await refusal(Alone("run", "messages", keys=service_keys, settings=settings))

    assert line.startswith(f"{CANNOT}The database of DATABASE_URL refuses us: ")
    assert "password" in line


async def test_a_database_without_the_schema_stops_the_start(
    empty_database: str, service_keys: Path, settings: dict[str, str]
) -> None:
    settings["DATABASE_URL"] = empty_database

    told = await reason(Alone("run", "messages", keys=service_keys, settings=settings))

    assert told.startswith("The schema messages lacks 0001_expand")
    assert "migrate" in told


async def ask_for_passwords(dsn: str) -> None:
    """Let a server of our own ask for passwords at this database."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET ROLE NONE")
        database = await connection.fetchval("SELECT current_database()")
        add_rule(Path(await connection.fetchval(HBA_FILE)), database)
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    await eventually(partial(is_asked_for_a_password, dsn), bool)


def add_rule(rules: Path, database: str) -> None:
    if not rules.exists():
        pytest.skip("the server of the database is not on this machine")
    rules.write_text(ASK_FOR_PASSWORDS.format(database=database) + rules.read_text())


async def is_asked_for_a_password(dsn: str) -> bool:
    try:
        await (await asyncpg.connect(dsn)).close()
    except asyncpg.InvalidPasswordError:
        return True
    return False
