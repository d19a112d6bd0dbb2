"""Which folder is seeded, and which is not touched."""

from pathlib import Path

import pytest

from services.demo.program import own_folder
from services.demo.seed import BEGUN, DONE, MARK, State, is_seeded, state_of


@pytest.mark.parametrize(
    ("mark", "has_people", "state"),
    [
        ("", False, State.EMPTY),
        ("", True, State.FOREIGN),
        (BEGUN, True, State.BROKEN),
        (BEGUN, False, State.EMPTY),
        (DONE, True, State.SEEDED),
        (DONE, False, State.EMPTY),
    ],
)
def test_a_folder_is_known_by_its_mark_and_its_people(
    mark: str, has_people: bool, state: State
) -> None:
    assert state_of(mark, has_people=has_people) is state


def test_a_folder_that_was_never_there_is_not_seeded(tmp_path: Path) -> None:
    assert not is_seeded(tmp_path / "nothing")


def test_a_folder_is_seeded_once_that_is_done(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(BEGUN)
    was_seeded = is_seeded(tmp_path)
    (tmp_path / MARK).write_text(DONE)

    assert not was_seeded
    assert is_seeded(tmp_path)


def test_the_demo_has_a_folder_of_its_own() -> None:
    assert own_folder({"PORT": "9000"}) == {"DATA_DIR": "data-demo", "PORT": "9000"}


def test_a_folder_that_is_named_is_meant() -> None:
    assert own_folder({"DATA_DIR": "elsewhere"})["DATA_DIR"] == "elsewhere"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_the_demo_never_goes_into_a_database_of_somebody_else(name: str) -> None:
    assert name not in own_folder({name: "postgresql://role@host/real"})
