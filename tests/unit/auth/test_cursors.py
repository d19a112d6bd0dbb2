"""Where a list of users goes on."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid
from services.auth.core.cursors import UserCursor

SOMEBODY = PersonId(UUID(int=7))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.uuids())
def test_a_written_cursor_is_read_back(name_key: str, person_id: UUID) -> None:
    cursor = UserCursor(name_key, PersonId(person_id))

    assert UserCursor.read(cursor.write()) == cursor


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
        encoded('["alice", 7]'),
        encoded('[["alice"], "00000000-0000-0000-0000-000000000007"]'),
        encoded('["alice", "00000000-0000-0000-0000-000000000007", 1]'),
        encoded('["alice",  "00000000-0000-0000-0000-000000000007"]'),
        encoded('["a\\u0000", "00000000-0000-0000-0000-000000000007"]'),
        UserCursor("alice", SOMEBODY).write() + "A",
        UserCursor("alice", SOMEBODY).write() + "=",
        UserCursor("alice", SOMEBODY).write()[:-4],
        UserCursor("a\0", SOMEBODY).write(),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        UserCursor.read(text)

    assert refusal.value.fields == {"cursor": "is not valid"}
