"""Where a list of people goes on."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid
from services.auth.model.cursors import SearchCursor

SOMEBODY = PersonId(UUID(int=7))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.uuids())
def test_a_written_cursor_is_read_back(key: str, person_id: UUID) -> None:
    cursor = SearchCursor(key[:1] or None, key, PersonId(person_id))

    assert SearchCursor.read(cursor.write()) == cursor


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "not a cursor",
        "é",
        encoded("alice"),
        encoded("[]"),
        encoded('["alice"]'),
        encoded('[null, "alice", 7]'),
        encoded('[null, ["alice"], "00000000-0000-0000-0000-000000000007"]'),
        encoded('[null, "alice", "00000000-0000-0000-0000-000000000007", 1]'),
        encoded('[null, "alice",  "00000000-0000-0000-0000-000000000007"]'),
        SearchCursor(None, "alice", SOMEBODY).write() + "A",
        SearchCursor(None, "alice", SOMEBODY).write() + "=",
        SearchCursor(None, "alice", SOMEBODY).write()[:-4],
        SearchCursor("a\0", "a", SOMEBODY).write(),
        SearchCursor(None, "a\0", SOMEBODY).write(),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        SearchCursor.read(text)

    assert refusal.value.fields == {"cursor": "is not valid"}
