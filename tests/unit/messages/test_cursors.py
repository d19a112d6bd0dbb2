"""Positions in lists: opaque to clients and checked when they come back."""

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import Invalid
from services.messages.core.cursors import PageOf, read_cursor, write_cursor
from tests.unit.messages.builders import LOBBY

ALL = frozenset(PageOf)
SEQS = st.integers(min_value=0, max_value=2**63 - 1)


@given(st.sampled_from(PageOf), st.uuids(), SEQS)
def test_a_cursor_leads_back_to_where_it_was_made(page_of: PageOf, subject: UUID, at: int) -> None:
    cursor = write_cursor(page_of, subject, at)

    assert read_cursor(cursor, subject, allowed=ALL) == (page_of, at)


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{34}", fullmatch=True))
def test_what_we_did_not_write_is_refused(text: str) -> None:
    try:
        page_of, at = read_cursor(text, LOBBY, allowed=ALL)
    except Invalid:
        return
    assert write_cursor(page_of, LOBBY, at) == text


@given(st.integers(min_value=0, max_value=33), st.sampled_from("ABCabc012-_"))
def test_a_cursor_that_was_tampered_with_never_breaks_anything(at: int, letter: str) -> None:
    cursor = write_cursor(PageOf.OLDER_MESSAGES, LOBBY, 7)
    tampered = cursor[:at] + letter + cursor[at + 1 :]

    try:
        page_of, _ = read_cursor(tampered, LOBBY, allowed=ALL)
    except Invalid:
        return
    assert page_of in ALL


def test_a_cursor_of_another_room_is_refused() -> None:
    cursor = write_cursor(PageOf.OLDER_MESSAGES, UUID(int=1), 7)

    with pytest.raises(Invalid):
        read_cursor(cursor, LOBBY, allowed=ALL)


def test_a_cursor_of_another_list_is_refused() -> None:
    cursor = write_cursor(PageOf.PAST_VERSIONS, LOBBY, 7)

    with pytest.raises(Invalid):
        read_cursor(cursor, LOBBY, allowed=frozenset({PageOf.ENTRIES}))


def test_a_list_that_does_not_exist_is_refused() -> None:
    packed = bytes([9]) + LOBBY.bytes + (7).to_bytes(8, "big")

    with pytest.raises(Invalid):
        read_cursor(urlsafe_b64encode(packed).rstrip(b"=").decode(), LOBBY, allowed=ALL)


@pytest.mark.parametrize("spelling", ["{}=", "{}==", " {}", "{}\n"])
def test_there_is_one_spelling_of_a_cursor(spelling: str) -> None:
    cursor = write_cursor(PageOf.OLDER_MESSAGES, LOBBY, 7)

    with pytest.raises(Invalid) as refusal:
        read_cursor(spelling.format(cursor), LOBBY, allowed=ALL)

    assert refusal.value.fields == {"cursor": "is not one of this list"}
