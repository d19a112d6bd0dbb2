"""What Postgres is told on its command line."""

from pathlib import Path

from services.nodes.postgres.options import initdb_arguments, postgres_arguments


def settings(*, is_durable: bool) -> dict[str, str]:
    arguments = postgres_arguments(
        Path("/d"), socket_folder=Path("/s"), name="hubbub-1", is_durable=is_durable
    )
    assert arguments[:2] == ["-D", "/d"]
    assert set(arguments[2::2]) == {"-c"}
    return dict(pair.split("=", 1) for pair in arguments[3::2])


def test_the_only_door_is_a_private_socket() -> None:
    told = settings(is_durable=True)

    assert told["listen_addresses"] == ""
    assert told["unix_socket_directories"] == "/s"
    assert told["unix_socket_permissions"] == "0700"
    assert "--auth-host=reject" in initdb_arguments(18, is_durable=True)


def test_an_answered_commit_is_on_the_disk() -> None:
    told = settings(is_durable=True)

    assert told["fsync"] == told["synchronous_commit"] == told["full_page_writes"] == "on"
    assert "--no-sync" not in initdb_arguments(18, is_durable=True)


def test_tests_skip_the_disk_and_still_wait_for_the_operating_system() -> None:
    told = settings(is_durable=False)

    assert told["fsync"] == "off"
    assert told["synchronous_commit"] == "on"


def test_processes_carry_the_name() -> None:
    assert settings(is_durable=True)["cluster_name"] == "hubbub-1"


def test_only_a_version_that_brings_its_own_collation_is_asked_for_it() -> None:
    assert "--locale-provider=builtin" in initdb_arguments(17, is_durable=True)
    assert "--locale-provider=builtin" not in initdb_arguments(16, is_durable=True)
