"""The texts of rooms are read as their authors mean them."""

import pytest

from services.demo.moments import Moment
from services.demo.script import Line, ScriptWrong, read_script

HEAD = """\
title: Kitchen
kind: public
topic: What: is cooking
opens: 20 days before, 09:00
members: alice, bob charlie

## 12 days before, 18:30
"""


def lines(text: str) -> list[Line]:
    (scene,) = read_script("kitchen", HEAD + text).scenes
    return scene.lines


def test_the_head_tells_of_the_room() -> None:
    room = read_script("kitchen", HEAD)

    assert room.head["title"] == "Kitchen"
    assert room.head["topic"] == "What: is cooking"
    assert room.kind == "public"
    assert room.opens == Moment(20, 9 * 60)
    assert room.members == ("alice", "bob", "charlie")


def test_a_line_has_its_author_and_its_text() -> None:
    assert lines("alice: Tea: with *milk*?\n") == [Line("alice", "Tea: with *milk*?")]


def test_indented_lines_go_on_with_the_message() -> None:
    (line,) = lines("alice: A list:\n\n  - one\n  - two\n\n\n  ```\n    code\n  ```\n")

    assert line.text == "A list:\n\n- one\n- two\n\n\n```\n  code\n```"


def test_an_empty_line_ends_nothing_and_adds_nothing() -> None:
    assert [line.text for line in lines("alice: One\n\nbob: Two\n")] == ["One", "Two"]


def test_a_reply_is_to_the_newest_message_of_somebody() -> None:
    said = lines("alice: One\nalice: Two\nbob: Three\nbob > alice: Four\n")

    assert [line.answers for line in said] == [None, None, None, 1]


def test_a_reply_may_reach_back_into_an_earlier_scene() -> None:
    text = f"{HEAD}alice: One\n\n## 3 days before, 10:00\nbob > alice: Two\n"

    scenes = read_script("kitchen", text).scenes

    assert scenes[1].first == 1
    assert scenes[1].lines[0].answers == 0


def test_reactions_edits_and_deletions_belong_to_the_message_above() -> None:
    (line,) = lines("alice: Helo\n  + 👍 bob, charlie\n  + 🎉 bob\n  = Hello\n  x\n")

    assert line.reactions == [("👍", "bob"), ("👍", "charlie"), ("🎉", "bob")]
    assert line.edited == "Hello"
    assert line.is_deleted


def test_a_pause_comes_before_the_next_message() -> None:
    said = lines("alice: One\n(20 minutes later)\n(1 hour later)\nbob: Two\nbob: Three\n")

    assert [line.pause_s for line in said] == [0.0, 4_800.0, 0.0]


@pytest.mark.parametrize(
    "text",
    [
        "Alice says nothing\n",
        "bob > alice: To what?\n",
        "  nobody's words\n",
        "## some day\n",
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str) -> None:
    with pytest.raises(ScriptWrong, match="kitchen, line 8: "):
        lines(text)


def test_words_before_the_first_scene_are_refused() -> None:
    with pytest.raises(ScriptWrong, match="before the first scene"):
        read_script("kitchen", "title: Kitchen\n\nalice: Too early\n")
