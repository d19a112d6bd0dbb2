"""The secrets of the containers: made once, each where it belongs and nowhere else."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.builders.catalog import KEEPING, SERVICES
from services.builders.databases import role_of
from services.builders.rights import OWNER, USERS, user_of
from services.deployment import secrets
from services.deployment.__main__ import main
from services.deployment.broker import hashed
from services.deployment.secrets import SUPERUSER, salt_of
from services.nodes.folder import StartFailed
from services.split import keys
from tests.support.clock import TEN_O_CLOCK, CountedChance


def make(folder: Path) -> Path:
    secrets.make(folder, chance=CountedChance(), now=TEN_O_CLOCK)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return secrets to look at; who changes some makes them."""
    return make(tmp_path_factory.mktemp("shared") / "secrets")


def contents(folder: Path) -> dict[str, str]:
    """Return the text of every file by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path / "secrets")
    before = contents(folder)

    secrets.make(folder, chance=CountedChance(), now=TEN_O_CLOCK + 1)

    assert contents(folder) == before


def test_a_password_that_was_deleted_is_made_anew_everywhere(tmp_path: Path) -> None:
    folder = make(tmp_path / "secrets")
    before = contents(folder)
    (folder / "passwords/rabbitmq-rooms").unlink()
    chance = CountedChance()
    for _ in range(100):
        chance.token()

    secrets.make(folder, chance=chance, now=TEN_O_CLOCK)

    after = contents(folder)
    assert {name for name in after if after[name] != before[name]} == {
        "passwords/rabbitmq-rooms",
        "rabbitmq/definitions.json",
        "rooms/bus_url",
    }


def test_only_its_maker_may_look_into_the_folder(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_containers_own_users_may_read_what_they_see(folder: Path) -> None:
    for service in SERVICES:
        for path in (folder / service).rglob("*"):
            assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_own_secret_key_and_the_public_ones_of_all(
    folder: Path, service: str
) -> None:
    theirs = folder / service / "keys"

    assert set(keys.signing(theirs, [service])) == {service}
    assert set(keys.callers(theirs, SERVICES)) == set(SERVICES)
    assert [path.name for path in theirs.glob("*.key")] == [f"{service}.key"]


def test_everybody_has_passwords_of_their_own(folder: Path) -> None:
    passwords = [path.read_text() for path in (folder / "passwords").iterdir() if path.is_file()]

    assert len(set(passwords)) == len(passwords) == 2 + len(KEEPING) + len(USERS) + 2


@pytest.mark.parametrize("service", KEEPING)
def test_a_service_comes_to_postgres_as_its_own_role(folder: Path, service: str) -> None:
    address = urlsplit((folder / service / "database_url").read_text())

    assert address.username == role_of(service)
    assert address.password == (folder / "postgres" / role_of(service)).read_text()


@pytest.mark.parametrize(
    ("container", "user"),
    [*((service, user_of(service)) for service in SERVICES), ("queues", OWNER)],
)
def test_each_comes_to_the_broker_as_a_user_of_its_own(
    folder: Path, container: str, user: str
) -> None:
    address = urlsplit((folder / container / "bus_url").read_text())
    password = address.password or ""

    assert address.username == user
    assert (
        hashed(password, salt=salt_of(password))
        in (folder / "rabbitmq/definitions.json").read_text()
    )


def test_nobody_but_postgres_sees_the_superusers_password(folder: Path) -> None:
    password = (folder / "postgres" / SUPERUSER).read_text()

    whole = re.compile(rf"{re.escape(password)}\b")
    holders = {name for name, text in contents(folder).items() if whole.search(text)}
    assert holders == {f"postgres/{SUPERUSER}", f"passwords/postgres-{SUPERUSER}"}


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartFailed, match="cannot be made"):
        secrets.make(tmp_path / "file/secrets", chance=CountedChance(), now=TEN_O_CLOCK)


def test_the_command_makes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()

    assert main(["secrets", str(tmp_path / "made")]) == 0
    assert main(["secrets", str(tmp_path / "file/made")]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_the_command_prints_the_routes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes"]) == 0
    assert "import to_gateway" in capsys.readouterr().out
