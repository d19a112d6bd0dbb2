"""The list of leaked passwords that ships with the program."""

import hashlib
import string
from importlib.resources import files

import pytest

from services.auth.core.breached import FILE, HEAD_END, RECORD_BYTES, is_breached, record_of

CONTENT = files("services.auth.core").joinpath(FILE).read_bytes()
HEAD, _, RECORDS = CONTENT.partition(HEAD_END)


def test_it_holds_more_than_a_hundred_thousand() -> None:
    assert len(RECORDS) / RECORD_BYTES > 100_000


def test_it_is_in_order_and_holds_nothing_twice() -> None:
    records = [
        RECORDS[place : place + RECORD_BYTES] for place in range(0, len(RECORDS), RECORD_BYTES)
    ]

    assert len(RECORDS) % RECORD_BYTES == 0
    assert records == sorted(set(records))


def test_it_says_where_it_comes_from_and_under_which_licence() -> None:
    assert b"make/passwords.py" in HEAD
    assert b"MIT" in HEAD
    assert b"BSD-3-Clause" in HEAD


@pytest.mark.parametrize(
    "password",
    ["password", "12345678", "trustno1", "qwertyuiop", "liverpool", "michelle1", "1qaz2wsx"],
)
def test_what_everybody_tries_is_in_it(password: str) -> None:
    assert is_breached(password)


def test_the_first_and_the_last_record_are_found() -> None:
    assert record_of("") not in {RECORDS[:RECORD_BYTES], RECORDS[-RECORD_BYTES:]}
    found = [is_found(RECORDS[:RECORD_BYTES]), is_found(RECORDS[-RECORD_BYTES:])]

    assert found == [True, True]


def is_found(record: bytes) -> bool:
    return RECORDS.find(record) % RECORD_BYTES == 0


def test_words_of_nobody_are_not_in_it() -> None:
    made_up = [
        "".join(string.ascii_lowercase[byte % 26] for byte in hashlib.sha256(bytes([one])).digest())
        for one in range(200)
    ]

    assert not any(is_breached(word) for word in made_up)


def test_any_text_can_be_asked_for() -> None:
    assert not is_breached("\ud800 lone surrogate")
