"""Cursors of the lists of those who run the server: only our own go on."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid
from services.auth.core.administration_cursors import MAX_ID, AccountCursor, EntryCursor


@given(st.text().filter(lambda key: "\0" not in key and key.isprintable()), st.uuids())
def test_an_account_is_found_again(key: str, account_id: UUID) -> None:
    cursor = AccountCursor(key, PersonId(account_id))

    assert AccountCursor.read(cursor.write()) == cursor


@given(st.floats(min_value=-1e10, max_value=1e10), st.integers(min_value=0, max_value=MAX_ID))
def test_an_entry_is_found_again(at: float, entry_id: int) -> None:
    cursor = EntryCursor(at, entry_id)

    assert EntryCursor.read(cursor.write()) == cursor


@pytest.mark.parametrize(
    "cursor",
    [
        EntryCursor(1e300, 1),
        EntryCursor(-1e300, 1),
        EntryCursor(1.0, -1),
        EntryCursor(1.0, MAX_ID + 1),
    ],
)
def test_an_entry_that_cannot_be_is_refused(cursor: EntryCursor) -> None:
    with pytest.raises(Invalid):
        EntryCursor.read(cursor.write())


def test_a_key_with_a_zero_is_refused() -> None:
    with pytest.raises(Invalid):
        AccountCursor.read(AccountCursor("a\0b").write())


@given(st.text())
def test_anything_else_is_refused(text: str) -> None:
    for kind in (AccountCursor, EntryCursor):
        with pytest.raises(Invalid):
            kind.read(text)
