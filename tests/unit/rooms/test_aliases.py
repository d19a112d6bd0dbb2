"""What a guest may be called."""

import pytest

from libs.common.lookalikes.marks import MAX_MARKS
from services.rooms.core.aliases import MAX_ALIAS_CHARS, clean_alias, looks_of


@pytest.mark.parametrize(
    "alias",
    ["Dora", "Dora E.", "Ali", "ALI", "Зоя", "Éloïse", "李小龍", "Anna 李", "علي", "7", "Dora 🎉"],
)
def test_people_are_called_as_they_are(alias: str) -> None:
    assert clean_alias(alias) == alias


@pytest.mark.parametrize(
    ("raw", "alias"),
    [
        ("  Dora  ", "Dora"),
        ("Dora\u00a0\u2003 E.", "Dora E."),
        ("E\u0301loi\u0308se", "Éloïse"),
    ],
    ids=["blanks around", "blanks of any width", "composed"],
)
def test_an_alias_is_shown_in_one_form(raw: str, alias: str) -> None:
    assert clean_alias(raw) == alias


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "🎉",
        "...",
        "x" * (MAX_ALIAS_CHARS + 1),
        "Do\u0000ra",
        "Do\nra",
        "\u202earoD",
        "Do\u200bra",
        "Do\u200dra",
        "Dora\u2066",
        "Do\u3164ra",
        "D\u043era",
        "Z" + "\u0301" * (MAX_MARKS + 1),
        "\ue000Dora",
    ],
)
def test_what_deceives_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="must"):
        clean_alias(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *("admin", "Admin", "AdmIn", "ADM1N", "ADMlN", "\u1d00\u1d05\u1d0d\u026a\u0274"),
        *("Moderator", "h o s t", "Everyone", "all", "ALL"),
    ],
)
def test_nobody_is_called_like_somebody_with_a_say(raw: str) -> None:
    with pytest.raises(ValueError, match="is reserved"):
        clean_alias(raw)


def test_a_reason_never_repeats_what_was_sent() -> None:
    with pytest.raises(ValueError, match="must") as refusal:
        clean_alias("Do\u202era")

    assert "\u202e" not in str(refusal.value)


@pytest.mark.parametrize("other", ["dora", "DORA", "D0ra", "d o r a", "Dora!", "D\uff4fra"])
def test_aliases_that_look_alike_share_a_look(other: str) -> None:
    assert looks_of(["Dora"]) & looks_of([other])


@pytest.mark.parametrize("other", ["Dorothea", "Nora", "Dora2"])
def test_other_aliases_share_none(other: str) -> None:
    assert not looks_of(["Dora"]) & looks_of([other])


def test_the_looks_of_many_are_those_of_each() -> None:
    assert looks_of(["Dora", "Erin"]) == looks_of(["Dora"]) | looks_of(["Erin"])
    assert looks_of([]) == frozenset()
