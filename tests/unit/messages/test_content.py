"""What a message and a reaction may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import Invalid
from services.messages.core.content import check_content, check_emoji, mentioned_in
from services.messages.core.limits import limits_of
from services.messages.settings import MessagesSettings
from tests.unit.messages.builders import ALICE, BOB

EMOJI = {
    "one code point": "\U0001f600",
    "text turned into a picture": "\u2764\ufe0f",
    "a sign as text": "\u2764",
    "a skin": "\U0001f44d\U0001f3fd",
    "a key": "1\ufe0f\u20e3",
    "the oldest key": "#\u20e3",
    "a flag of two letters": "\U0001f1e9\U0001f1ea",
    "a flag of tags": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a pirate's flag": "\U0001f3f4\u200d\u2620\ufe0f",
    "two people kissing": (
        "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3fd"
    ),
    "a registered sign": "\u00ae\ufe0f",
}

NOT_EMOJI = {
    "nothing": "",
    "a letter": "a",
    "a word": "lol",
    "a digit": "1",
    "a short code": ":tada:",
    "two of them": "\U0001f600\U0001f600",
    "one and a letter": "\U0001f600a",
    "a blank": " ",
    "a control character": "\a",
    "a line break behind one": "\U0001f600\n",
    "a joiner alone": "\u200d",
    "a joiner at the end": "\U0001f468\u200d",
    "a right-to-left mark": "\u202e\U0001f600",
    "a letter of another script": "\u4e00",
    "half a surrogate pair": "\ud83d",
    "a long tail of tags": "\U0001f3f4" + "\U000e0067" * 10,
    "three flags' letters": "\U0001f1e9\U0001f1ea\U0001f1e9",
}


@pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI.keys())
def test_one_emoji_is_taken(emoji: str) -> None:
    check_emoji(emoji)


@pytest.mark.parametrize("text", NOT_EMOJI.values(), ids=NOT_EMOJI.keys())
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_emoji(text)

    assert refusal.value.fields == {"emoji": "must be one emoji"}


@given(st.text(max_size=60))
def test_an_emoji_that_is_taken_is_short_and_visible(text: str) -> None:
    try:
        check_emoji(text)
    except Invalid:
        return

    assert 1 <= len(text.encode()) <= 40
    assert not any(char.isspace() or char.isalpha() for char in text.replace("\u2139", ""))


@given(st.text())
def test_a_content_that_is_taken_can_be_kept(text: str) -> None:
    limits = limits_of(MessagesSettings(content_chars=20, content_bytes=40))
    try:
        check_content(text, limits=limits)
    except Invalid:
        return

    assert 1 <= len(text) <= 20
    assert len(text.encode()) <= 40
    assert all(char in "\n\t" or ord(char) >= 32 for char in text)


def test_the_limit_in_bytes_counts_for_itself() -> None:
    limits = limits_of(MessagesSettings(content_chars=10, content_bytes=12))

    check_content("\U0001f600" * 3, limits=limits)
    with pytest.raises(Invalid) as refusal:
        check_content("\U0001f600" * 4, limits=limits)
    assert refusal.value.fields == {"content": "must have at most 12 bytes"}


def test_people_are_mentioned_once_each_in_order() -> None:
    text = f"<@{BOB.id}>, <@{ALICE.id}>! <@{BOB.id}>"

    assert mentioned_in(text) == (BOB.id, ALICE.id)


@pytest.mark.parametrize(
    "text", ["", "hello", "<@>", "<@alice>", "@alice", f"<@{ALICE.id}", f"<@{ALICE.id} >"]
)
def test_what_is_no_mention_mentions_nobody(text: str) -> None:
    assert mentioned_in(text) == ()
