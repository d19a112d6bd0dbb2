"""Who plays a transcript on somebody else's server has a name that nobody there has."""

from tests.transcripts.__main__ import with_ending
from tests.transcripts.notation import FOLDER


def test_names_of_people_get_an_ending_and_nothing_else_does() -> None:
    text = 'B< {"author":{"id":"<bob>","name":"Bob"},"content":"Bob?"}'

    assert (
        with_ending(text, "3f") == 'B< {"author":{"id":"<bob>","name":"Bob 3f"},"content":"Bob?"}'
    )


def test_no_name_in_the_transcripts_is_left_without_one() -> None:
    texts = [with_ending(path.read_text(encoding="utf-8"), "3f") for path in FOLDER.glob("*.txt")]

    assert [text for text in texts if 'Alice"' in text or 'name":"Bob"' in text] == []
