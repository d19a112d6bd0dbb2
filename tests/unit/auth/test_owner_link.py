"""The link that makes the first owner."""

from services.auth.core.owner_token import hashed, link


def test_the_token_stands_where_browsers_keep_it_to_themselves() -> None:
    address = link("https://chat.example.org", "token")

    assert address == "https://chat.example.org/setup#token=token"


def test_what_is_stored_does_not_show_the_token() -> None:
    assert b"token" not in hashed("token")
    assert hashed("token") == hashed("token") != hashed("nekot")
