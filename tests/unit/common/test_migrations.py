"""Which migrations are still to be applied, and when files and database do not fit together."""

from pathlib import Path

import pytest

from libs.common.migrations import (
    Applied,
    Half,
    Migration,
    MigrationRefused,
    Schema,
    check_known,
    half_of,
    parse,
    plan,
    read_migrations,
)

START = parse("0001_expand_start.sql", "CREATE TABLE room ()")
TOPIC = parse("0002_expand_topic.sql", "ALTER TABLE room ADD topic text")
NO_TOPIC = parse("0003_contract_topic.sql", "ALTER TABLE room DROP topic")
KIND = parse("0004_expand_kind.sql", "ALTER TABLE room ADD kind text")


def applied(*migrations: Migration) -> list[Applied]:
    return [Applied(one.version, one.name, one.checksum) for one in migrations]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder for migrations of a package that can be imported."""
    folder = tmp_path / f"service_{tmp_path.name}" / "migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_a_name_says_number_half_and_purpose() -> None:
    assert (NO_TOPIC.version, NO_TOPIC.kind) == (3, "contract")


@pytest.mark.parametrize(
    "name",
    [
        "1_expand_start.sql",
        "0001_start.sql",
        "0001_change_start.sql",
        "0001_expand_Start.sql",
        "0001_expand_.sql",
        "0001_expand_start_sql",
    ],
)
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(MigrationRefused, match="Name"):
        parse(name, "")


def test_migrations_are_read_in_order(package: Path) -> None:
    for migration in (TOPIC, START):
        (package / migration.name).write_text(migration.sql)
    (package / "notes.txt").touch()

    assert read_migrations(package.parent.name) == (START, TOPIC)


@pytest.mark.parametrize(
    "names",
    [
        ["0002_expand_start.sql"],
        ["0001_expand_a.sql", "0003_expand_b.sql"],
        ["0001_expand_a.sql", "0001_expand_b.sql"],
    ],
)
def test_holes_and_doubles_are_refused(package: Path, names: list[str]) -> None:
    for name in names:
        (package / name).touch()

    with pytest.raises(MigrationRefused, match="without a hole"):
        read_migrations(package.parent.name)


def test_what_was_not_applied_is_pending() -> None:
    assert plan([], [START, TOPIC]) == [START, TOPIC]
    assert plan(applied(START), [START, TOPIC]) == [TOPIC]
    assert plan(applied(START, TOPIC), [START, TOPIC]) == []


@pytest.mark.parametrize(
    "changed",
    [
        parse("0001_expand_start.sql", "CREATE TABLE rooms ()"),
        parse("0001_expand_begin.sql", START.sql),
        parse("0001_contract_start.sql", START.sql),
    ],
)
def test_a_file_that_changed_after_it_was_applied_is_refused(changed: Migration) -> None:
    with pytest.raises(MigrationRefused, match=r"0001_expand_start\.sql was applied"):
        plan(applied(START), [changed])


def test_older_code_works_on_an_expanded_schema() -> None:
    assert plan(applied(START, TOPIC), [START]) == []


def test_older_code_is_refused_when_something_was_taken_away() -> None:
    with pytest.raises(MigrationRefused, match=r"0003_contract_topic\.sql") as refusal:
        plan(applied(START, TOPIC, NO_TOPIC), [START])

    assert "Start the newer release" in str(refusal.value)


def test_a_hole_in_what_was_applied_is_refused() -> None:
    with pytest.raises(MigrationRefused, match="hole"):
        plan(applied(START, NO_TOPIC), [START, TOPIC, NO_TOPIC])


@pytest.mark.parametrize(
    ("pending", "half", "due"),
    [
        ([], "expand", []),
        ([], "contract", []),
        ([TOPIC, NO_TOPIC], "expand", [TOPIC]),
        ([NO_TOPIC], "expand", []),
        ([NO_TOPIC], "contract", [NO_TOPIC]),
        ([NO_TOPIC, KIND], "contract", [NO_TOPIC]),
        ([TOPIC], "contract", []),
    ],
)
def test_each_half_takes_what_is_its_own(
    pending: list[Migration], half: Half, due: list[Migration]
) -> None:
    assert half_of(pending, half, is_new=False) == due


@pytest.mark.parametrize(
    ("pending", "half", "way_out"),
    [
        ([NO_TOPIC, KIND], "expand", "then python -m services migrate --contract"),
        ([TOPIC, NO_TOPIC, KIND], "expand", "0003_contract_topic.sql is not applied"),
        ([TOPIC, NO_TOPIC], "contract", "run python -m services migrate --expand"),
    ],
)
def test_no_half_overtakes_the_other(pending: list[Migration], half: Half, way_out: str) -> None:
    with pytest.raises(MigrationRefused) as refusal:
        half_of(pending, half, is_new=False)

    assert way_out in str(refusal.value)


def test_a_new_schema_is_expanded_by_everything() -> None:
    everything = [START, TOPIC, NO_TOPIC, KIND]

    assert half_of(everything, "expand", is_new=True) == everything


def test_a_session_says_what_its_code_knows() -> None:
    schema = Schema("rooms", "hubbub_rooms", (START, TOPIC, NO_TOPIC))

    assert schema.sessions == "hubbub-rooms/3"
    for harmless in ("hubbub-rooms/3", "hubbub-rooms/4", "hubbub-rooms/", "hubbub-rooms/psql"):
        check_known([harmless], schema, NO_TOPIC)
    with pytest.raises(MigrationRefused, match="A process of rooms is running"):
        check_known(["hubbub-rooms/3", "hubbub-rooms/2"], schema, NO_TOPIC)
