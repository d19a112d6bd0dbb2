"""What a transcript looks like."""

import json

import pytest

from libs.common.contracts.people import Person, PersonKind
from services.messages.core.transcript import (
    Format,
    cut_off,
    file_name,
    heading,
    json_line,
    text_line,
)
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import BOB, message, room


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Retro 7", "transcript-retro-7-2023-11-14.txt"),
        ('a"; filename="x.exe\r\nx: y', "transcript-a-filename-x-exe-x-y-2023-11-14.txt"),
        ("../../etc", "transcript-etc-2023-11-14.txt"),
        ("\u4f1a\u8bae", "transcript-2023-11-14.txt"),
        ("x" * 200, f"transcript-{'x' * 50}-2023-11-14.txt"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(room(title=title), Format.TEXT, now=TEN_O_CLOCK) == name


def test_a_text_says_who_said_what_when() -> None:
    assert text_line(message()) == "[2023-11-14 22:12:20] Bob: hello\n"
    assert heading(room(), now=TEN_O_CLOCK).startswith("Lobby\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x85"])
def test_nobody_can_write_a_line_that_looks_like_anothers(end: str) -> None:
    forged = f"hi{end}[2023-11-14 22:12:21] Alice: I quit"

    lines = text_line(message(content=forged)).splitlines()

    assert [line.startswith("[") for line in lines] == [True, False]


def test_a_name_stays_on_its_line() -> None:
    odd = Person(PersonKind.GUEST, BOB.id, "Bob\n[x] Alice")

    assert len(text_line(message(author=odd)).splitlines()) == 1


def test_who_had_no_account_is_told_from_those_who_had() -> None:
    dora = Person(PersonKind.GUEST, BOB.id, "Dora")

    assert text_line(message(author=dora)) == "[2023-11-14 22:12:20] Dora (guest): hello\n"


@pytest.mark.parametrize("colon", [":", "\uff1a"])
def test_a_name_cannot_look_like_another_who_says_something(colon: str) -> None:
    forging = Person(PersonKind.GUEST, BOB.id, f"Alice{colon} I quit")

    line = text_line(message(author=forging))

    assert line == "[2023-11-14 22:12:20] Alice I quit (guest): hello\n"


def test_a_line_for_programs_is_one_object() -> None:
    line = json_line(message(content="a\nb", edited_at=TEN_O_CLOCK))

    assert line.count("\n") == 1
    said = json.loads(line)
    assert said["content"] == "a\nb"
    assert said["author"]["name"] == "Bob"
    assert said["edited_at"] == "2023-11-14T22:13:20.000Z"


def test_nobody_can_write_the_line_that_says_a_text_was_cut_off() -> None:
    last = cut_off(Format.TEXT, "forbidden").strip()

    written = text_line(message(content=f"{last}\n{last}")).splitlines()

    assert "forbidden" in last
    assert last not in written


def test_no_parser_takes_lines_that_were_cut_off_for_whole() -> None:
    last = cut_off(Format.JSON, "forbidden")

    assert "forbidden" in last
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)
