"""A start that cannot succeed ends soon, with a status and a line that says what to do."""

# A data folder is looked at between starts, when nothing else waits for the loop.
# ruff: noqa: ASYNC221, ASYNC240

import socket
import subprocess
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from tests.support.ports import free_port
from tests.support.processes import mentioning
from tests.support.program import Program
from tests.system.people import Person

OWN_MOUNTS: Final = ("unshare", "--user", "--map-root-user", "--mount")
"""A small disk that is gone with the program that mounted it."""

CANNOT: Final = "Hubbub cannot start: "


async def refusal(program: Program) -> str:
    """Start a program that cannot run; return the last thing it says."""
    await program.launch()
    status = await program.ended()

    assert status == 1, program.output
    assert not [line for line in program.output if "Traceback" in line], program.output
    assert mentioning(program.folder) == {}
    return program.output[-1]


async def test_a_port_that_is_taken_is_named_with_the_setting_that_moves_it(folder: Path) -> None:
    program = Program(folder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", program.port))
        taken.listen()

        said = await refusal(program)

    assert said.startswith(f"{CANNOT}port {program.port} is in use: ")
    assert f"set PORT={program.port + 1}" in said


async def test_a_folder_that_is_in_use_is_named_with_the_process_that_holds_it(
    folder: Path,
) -> None:
    second = Program(folder)
    async with Program(folder) as first:
        await second.launch()
        status = await second.ended()

        assert first.is_running
    (said,) = second.output
    assert status == 1
    assert said == (
        f"{CANNOT}Hubbub already runs on {folder} (process {first.pid}, {first.url}): "
        "stop that one first, or choose another data folder."
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"AUTH_ACESS_LIFE_S": "300"},
            "AUTH_ACESS_LIFE_S is not a setting; did you mean AUTH_ACCESS_LIFE_S?",
        ),
        ({"GATEWAY_SENDS_BURST": "many"}, "GATEWAY_SENDS_BURST='many' is not valid"),
        ({"HOST": "0.0.0.0"}, "set ALLOW_PLAIN_HTTP=true"),  # noqa: S104 - that is the point
    ],
    ids=["misspelt", "no number", "plain http"],
)
async def test_a_wrong_setting_is_named_before_anything_is_made(
    folder: Path, settings: dict[str, str], said: str
) -> None:
    program = Program(folder, settings=settings)

    line = await refusal(program)

    assert line.startswith(CANNOT)
    assert said in line
    assert len(program.output) == 1
    assert not folder.exists()


async def test_all_wrong_settings_are_named_at_once(folder: Path) -> None:
    wrong = {"PORT": "http", "ROOMS_MEMBERS_PER_ROM": "5", "GATEWAY_FRAME_BYTES": "1"}
    program = Program(folder, settings=wrong)

    await refusal(program)

    said = "\n".join(program.output)
    assert [name for name in wrong if name not in said] == []


async def test_a_database_that_does_not_answer_is_not_waited_for_longer_than_told(
    folder: Path,
) -> None:
    address = f"postgresql://hubbub:a-secret@127.0.0.1:{free_port()}/hubbub"
    program = Program(folder, settings={"DATABASE_URL": address, "DATABASE_WAIT_S": "0"})

    line = await refusal(program)

    assert line.startswith(CANNOT)
    assert "DATABASE_URL" in line
    assert "a-secret" not in "\n".join(program.output)


async def test_an_operators_own_database_is_used_instead_of_ours(
    folder: Path, tmp_path: Path, empty_database: str
) -> None:
    address = tmp_path / "address"
    address.write_text(f"{empty_database}\n")

    async with Program(folder, settings={"DATABASE_URL_FILE": str(address)}) as program:
        person = await Person.register(program, "Alice")
        await person.write(await person.make_room(), "In your database")
        await person.close()

    connection = await asyncpg.connect(empty_database)
    schemas = {row["nspname"] for row in await connection.fetch("SELECT nspname FROM pg_namespace")}
    await connection.close()
    assert schemas >= {"auth", "rooms", "messages", "presence"}
    assert not (folder / "postgres" / "cluster").exists()


async def test_an_address_that_is_none_is_refused_at_once(folder: Path) -> None:
    program = Program(folder, settings={"DATABASE_URL": "hubbub:a-secret@127.0.0.1"})

    line = await refusal(program)

    assert line.startswith(CANNOT)
    assert "DATABASE_URL" in line
    assert "a-secret" not in "\n".join(program.output)


async def test_a_data_folder_that_cannot_be_one_is_named(folder: Path) -> None:
    folder.write_text("not a folder")

    line = await refusal(Program(folder))

    assert line.startswith(f"{CANNOT}{folder} cannot be used")
    assert folder.read_text() == "not a folder"


async def test_a_full_disk_is_named(folder: Path) -> None:
    if subprocess.run([*OWN_MOUNTS, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow a disk of one's own")
    mounted = 'mkdir "$0" && mount -t tmpfs -o size=10m none "$0" && exec "$@"'
    program = Program(folder, prefix=(*OWN_MOUNTS, "sh", "-c", mounted, str(folder)))

    line = await refusal(program)

    assert line == f"{CANNOT}The disk that holds {folder} is full: free some space and start again."
