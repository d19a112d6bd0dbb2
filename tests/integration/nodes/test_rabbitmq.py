"""The life of one RabbitMQ: what was confirmed survives its ends, and its ends are noticed.

A start takes seconds, so a few long lives are told here, not many short ones.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aio_pika.exceptions import ChannelClosed, ProbableAuthenticationError

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.rabbitmq.accounts import OWNER
from services.nodes.rabbitmq.files import Files, files_in
from services.nodes.rabbitmq.left_over import processes
from tests.integration.nodes.children import child, guard_of, kill, listening
from tests.integration.nodes.rabbitmq import BOB, START_S, VHOST, StartBroker, publish, start, take
from tests.support.waiting import until

GONE_S = 15.0
"""An orderly end takes a second on an idle machine."""

pytestmark = pytest.mark.slow


def node_of(folder: DataFolder) -> int:
    """Return the process id of the broker itself."""
    pid_file = files_in(folder).folder / "pid"
    return int(pid_file.read_text())


async def test_a_life(start_broker: StartBroker, new_folder: DataFolder, said: list[str]) -> None:
    """What was confirmed survives a stop, at the same address; each end is told."""
    first = await start_broker(new_folder)
    url = first.url(OWNER, VHOST)
    await publish(url, "notes", "Alice was here")
    await first.stop()
    await first.stop()
    assert (await first.wait_dead()).startswith("RabbitMQ ended with status 0")

    second = await start_broker(new_folder)
    assert await take(url, "notes") == "Alice was here"

    kill(node_of(new_folder))
    assert (await second.wait_dead()).startswith("RabbitMQ was killed by SIGKILL")
    assert processes(files_in(new_folder)) == set()
    assert said == ["Starting the broker"] * 2


async def test_the_door_is_narrow(start_broker: StartBroker, new_folder: DataFolder) -> None:
    """Nobody comes in from outside, without a password, or further than they may."""
    server = await start_broker(new_folder)
    url, bobs = server.url(OWNER, VHOST), server.url(BOB, VHOST)

    assert listening(processes(files_in(new_folder))) <= {"127.0.0.1", "::1"}
    assert await server.control("list_users", "--no-table-headers") == (
        "bob\t[]\nhubbub\t[administrator]\n"
    )
    with pytest.raises(ProbableAuthenticationError):
        await publish(with_password(url, "guest", "guest"), "notes", "Charlie was here")
    await publish(url, "bob.notes", "Alice was here")
    assert await take(bobs, "bob.notes") == "Alice was here"
    with pytest.raises(ChannelClosed, match="ACCESS_REFUSED"):
        await publish(bobs, "alice.notes", "Bob was here")

    kill(guard_of(node_of(new_folder)))
    assert (await server.wait_dead()).startswith("RabbitMQ was stopped because its guard")
    assert processes(files_in(new_folder)) == set()


@pytest.mark.proof
async def test_a_killed_run_leaves_nothing_or_the_next_start_ends_it(path: Path) -> None:
    files = Files(path / "rabbitmq")
    async with child(path, node="rabbitmq") as first:
        await first.says("url ", within_s=START_S)
        orphan = int((files.folder / "pid").read_text())
        # The parent cannot close the pipe to a guard that is stopped already.
        kill(guard_of(orphan), first.pid)
        await first.killed()
    assert orphan in processes(files)

    async with child(path, node="rabbitmq") as second:
        await second.says("Stopping the broker of a run that was killed", within_s=START_S)
        await second.says("url ", within_s=START_S)
        assert orphan not in processes(files)

        await second.killed()

        await until(lambda: not processes(files), within_s=GONE_S)


@pytest.mark.usefixtures("start_broker")
async def test_a_start_that_is_given_up_leaves_nothing_running(new_folder: DataFolder) -> None:
    """Asked to end in its first moments, Erlang hears nothing."""
    with pytest.raises(StartFailed, match=r"did not answer within 0\.3 s: .*rabbitmq\.log"):
        await start(new_folder, timeout_s=0.3, say=print)

    assert processes(files_in(new_folder)) == set()


async def test_a_folder_that_a_shell_would_misread_is_refused(
    path: Path, start_broker: StartBroker
) -> None:
    with (
        DataFolder.open(path / "Bob's", address="") as folder,
        pytest.raises(StartFailed, match="choose a data folder without any of"),
    ):
        await start_broker(folder)


def with_password(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}").geturl()
