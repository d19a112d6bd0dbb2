"""What must not be written is not written."""

import pytest

from libs.common.redaction import HIDDEN, MAX_DEPTH, redacted, scrubbed, visible


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "access_token",
        "Set-Cookie",
        "Authorization",
        "email",
        "email_address",
        "new_password",
        "password_hash",
        "content",
        "message_text",
        "client_secret",
    ],
)
def test_a_field_of_this_name_is_hidden(name: str) -> None:
    assert redacted({name: "canary"}) == {name: HIDDEN}


@pytest.mark.parametrize(
    "name",
    ["token_kind", "text_bytes", "content_length", "content_type", "room_id", "event", "tokens_ms"],
)
def test_a_field_that_only_tells_of_a_thing_is_kept(name: str) -> None:
    assert redacted({name: 1}) == {name: 1}


def test_fields_are_hidden_at_any_depth() -> None:
    found = redacted({"request": {"headers": [{"cookie": "canary"}]}})

    assert found == {"request": {"headers": [{"cookie": HIDDEN}]}}


def test_what_nests_without_end_is_cut() -> None:
    nest: dict[str, object] = {}
    nest["again"] = nest

    found = redacted(nest)

    assert str(found).count("again") == MAX_DEPTH + 1


def test_a_long_value_is_cut() -> None:
    assert len(redacted({"title": "x" * 10_000})["title"]) < 2_100


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Bearer abcdef",
        "alice@example.org",
        "postgresql://alice:hunter2@db",
        "DETAIL:  Key (email)=(alice@example.org) already exists.",
    ],
)
def test_free_text_loses_what_looks_like_a_secret(secret: str) -> None:
    found = scrubbed(f"it failed:\n{secret}", max_chars=1_000)

    assert HIDDEN in found
    assert secret not in found


def test_free_text_keeps_the_rest() -> None:
    assert scrubbed("duplicate key\nDETAIL: Key (a)=(b)\nSTATEMENT: x", max_chars=100) == (
        f"duplicate key\n{HIDDEN}\nSTATEMENT: x"
    )


def test_free_text_is_cut() -> None:
    assert scrubbed("abcdef", max_chars=3) == "abc..."


def test_control_characters_become_visible() -> None:
    assert visible("a\x1b[31mb\rc\u202ed\ud800") == "a\\x1b[31mb\\rc\\u202ed\\ud800"


def test_lines_and_tabs_of_a_traceback_stay() -> None:
    assert visible("a\n\tb") == "a\n\tb"
