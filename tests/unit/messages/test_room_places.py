"""Positions in somebody's list of rooms: opaque to clients and checked when they come back."""

import json
from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import RoomId
from libs.common.errors import Invalid
from services.messages.core.room_list import read_place, write_place
from services.messages.model.room_list import LAST_US, Place
from tests.unit.messages.builders import ALICE, BOB, LOBBY

MOMENTS = st.integers(min_value=0, max_value=LAST_US)


def spelled(*values: object) -> str:
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().strip("=")


@given(MOMENTS, MOMENTS, st.uuids())
def test_a_place_leads_back_to_where_it_was_made(as_of: int, at: int, room_id: UUID) -> None:
    place = Place(ALICE.id, as_of, at, RoomId(room_id))

    assert read_place(write_place(place), ALICE.id) == place


@given(st.text(max_size=120) | st.from_regex(r"[A-Za-z0-9_-]{150}", fullmatch=True))
def test_what_we_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_place(text, ALICE.id)


def test_the_place_of_somebody_else_is_refused() -> None:
    cursor = write_place(Place(BOB.id, 7, 7, LOBBY))

    with pytest.raises(Invalid):
        read_place(cursor, ALICE.id)


@pytest.mark.parametrize("moment", [-1, LAST_US + 1, 10**30, 1.5, None, "7"])
def test_a_moment_that_cannot_be_is_refused(moment: object) -> None:
    with pytest.raises(Invalid):
        read_place(spelled(str(ALICE.id), moment, 7, str(LOBBY)), ALICE.id)


def test_a_second_spelling_is_refused() -> None:
    cursor = write_place(Place(ALICE.id, 7, 7, LOBBY))

    with pytest.raises(Invalid):
        read_place(cursor + "=", ALICE.id)
