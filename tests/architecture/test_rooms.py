"""Every service has the same rooms under the same names; one that is left out says so itself."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import files, read

SERVICES = {"auth", "rooms", "messages", "presence", "gateway"}
# What puts the services together, a story to try them with, what containers need beside them, and
# the Postgres and RabbitMQ that are started for them.
BESIDE = {"builders", "demo", "deployment", "embedded", "fleet", "nodes", "schemas", "split"}

README = "README.md"
ROOMS = (
    "settings",
    "model",
    "core",
    "store",
    "consumers",
    "api",
    "app",
    "__main__",
    "migrations",
)
EVERY = {README, *ROOMS}
# The rooms that only the gateway has: what a client says, who hears it, one client's connection.
OWN_ROOMS = {"gateway": {"frames", "hub", "connection"}}
MIGRATION = re.compile(r"(\d{4})_(expand|contract)_[a-z0-9_]+\.sql")


def rooms_of(service: str, paths: tuple[str, ...]) -> set[str]:
    """Return the names directly below a service's folder, Python modules without their ending."""
    names = {PurePosixPath(path).relative_to(f"services/{service}").parts[0] for path in paths}
    return {name.removesuffix(".py") for name in names} - {"__init__"}


def wrong_rooms(service: str, rooms: set[str], readme: str) -> Iterator[str]:
    """Find rooms that are missing without a word, and rooms that no other service would have."""
    if README not in rooms:
        yield f"services/{service}: has no {README}"
    for room in ROOMS:
        if room not in rooms and not re.search(rf"`{re.escape(room)}(\.py|/)?`", readme):
            yield f"services/{service}: has no {room}, and its README does not say why"
    for room in sorted(rooms - {*EVERY, *OWN_ROOMS.get(service, set())}):
        yield f"services/{service}: {room} is not one of the rooms of a service"


def wrong_migrations(service: str, names: list[str]) -> Iterator[str]:
    """Find migrations that are misnamed, and holes or doubles in their numbers."""
    numbers = []
    for name in names:
        if name == "__init__.py":
            continue
        parts = MIGRATION.fullmatch(name)
        if parts is None:
            yield f"services/{service}: {name} is not named NNNN_(expand|contract)_what.sql"
        else:
            numbers.append(int(parts[1]))
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"services/{service}: migrations are numbered {numbers}, not from 1 without a hole"


def service_files() -> Mapping[str, tuple[str, ...]]:
    """Return the files of every folder below services."""
    by_service: dict[str, list[str]] = {}
    for path in files("services"):
        _, name, *rest = PurePosixPath(path).parts
        if rest:
            by_service.setdefault(name, []).append(path)
    return {name: tuple(paths) for name, paths in by_service.items()}


def test_every_folder_of_services_is_known() -> None:
    assert service_files().keys() - SERVICES - BESIDE == set()


@pytest.mark.parametrize("service", sorted(SERVICES & service_files().keys()))
def test_a_service_has_the_rooms_of_all_services(service: str) -> None:
    paths = service_files()[service]
    readme = f"services/{service}/{README}"
    text = read(readme) if readme in paths else ""

    assert list(wrong_rooms(service, rooms_of(service, paths), text)) == []


@pytest.mark.parametrize("service", sorted(SERVICES & service_files().keys()))
def test_migrations_are_numbered_and_say_which_half_they_are(service: str) -> None:
    folder = f"services/{service}/migrations/"
    names = [path.removeprefix(folder) for path in service_files()[service] if folder in path]

    assert list(wrong_migrations(service, names)) == []


def test_a_missing_room_is_found() -> None:
    assert list(wrong_rooms("auth", EVERY - {"store"}, readme="The store is elsewhere.")) == [
        "services/auth: has no store, and its README does not say why"
    ]


def test_a_missing_readme_is_found() -> None:
    assert list(wrong_rooms("auth", set(ROOMS), readme="")) == ["services/auth: has no README.md"]


@pytest.mark.parametrize("readme", ["No `store.py`: stateless.", "No `store`: stateless."])
def test_a_missing_room_may_be_explained(readme: str) -> None:
    assert list(wrong_rooms("auth", EVERY - {"store"}, readme)) == []


def test_a_room_of_another_name_is_found() -> None:
    assert len(list(wrong_rooms("auth", EVERY | {"utils"}, readme=""))) == 1


def test_only_the_gateway_has_a_hub() -> None:
    assert list(wrong_rooms("gateway", EVERY | {"hub"}, readme="")) == []
    assert len(list(wrong_rooms("rooms", EVERY | {"hub"}, readme=""))) == 1


def test_a_room_may_be_a_module_or_a_folder() -> None:
    paths = ("services/auth/__init__.py", "services/auth/core.py", "services/auth/store/tokens.py")

    assert rooms_of("auth", paths) == {"core", "store"}


@pytest.mark.parametrize(
    "names",
    [
        ["1_expand_start.sql"],
        ["0001_start.sql"],
        ["0001_expand_start.sql", "0003_contract_names.sql"],
        ["0001_expand_start.sql", "0001_expand_names.sql"],
        ["0001_expand_Start.sql"],
        ["0001_expand_start.sql", "notes.txt"],
    ],
)
def test_a_wrong_migration_is_found(names: list[str]) -> None:
    assert len(list(wrong_migrations("auth", names))) == 1


def test_expand_and_contract_in_order_are_fine() -> None:
    names = ["0001_expand_start.sql", "0002_contract_drop_nickname.sql", "__init__.py"]

    assert list(wrong_migrations("auth", names)) == []
