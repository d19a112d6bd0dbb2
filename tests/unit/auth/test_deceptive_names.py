"""Names that people would take for somebody else's."""

import pytest

from libs.common.errors import Invalid
from libs.common.lookalikes.marks import MAX_MARKS
from services.auth.core.names import check_name


def reason_against(name: str, *, of_staff: tuple[str, ...] = (), is_staff: bool = False) -> str:
    """Return why a name is refused, empty if it is not."""
    try:
        check_name(name, of_staff=of_staff, is_staff=is_staff)
    except Invalid as refusal:
        return (refusal.fields or {})["name"]
    return ""


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "ADMIN",
        "Ａｄｍｉｎ",
        "𝐀𝐝𝐦𝐢𝐧",
        "a.d.m.i.n",
        "Ad min",
        "adrnin",
        "Hubbub",
        "Hubbub Support",
        "support",
        "SYSTEM",
        "Every-one",
        "Rᴏᴏt",
        "ADM1N",
        "all",
        "ALL",
    ],
)
def test_a_name_of_the_system_is_refused(name: str) -> None:
    assert reason_against(name) == "is reserved: choose another"


@pytest.mark.parametrize("name", ["\u0430dmin", "\u0391dmin", "Al\u0456ce", "ho\u0455t"])
def test_letters_of_look_alike_alphabets_do_not_mix_within_a_word(name: str) -> None:
    assert reason_against(name) == "must not mix alphabets within a word"


@pytest.mark.parametrize(
    "name",
    ["Ali", "ALI", "Алиса Smith", "Σωκράτης", "李小龙 Bruce", "東京Tower", "Kim 김", "O'Neill-Łuk"],
)
def test_two_scripts_side_by_side_are_fine(name: str) -> None:
    assert reason_against(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Alice",
        "alice",
        "ALICE",
        "AIice",
        "A1ice",
        "A|ice",
        "Al ice",
        "Αlісе",
        "𝒜lice",
        "Alice\ufe0f",
    ],
)
def test_a_name_like_that_of_the_owner_is_refused_to_others(name: str) -> None:
    assert reason_against(name, of_staff=("Alice",)) != ""


@pytest.mark.parametrize("name", ["Alicia", "Bob", "Alice Cooper", "Álice", "🦊", "..."])
def test_another_name_is_fine(name: str) -> None:
    assert reason_against(name, of_staff=("Alice", "🦊 Fox")) == ""


def test_whoever_runs_the_server_may_say_so() -> None:
    assert reason_against("Admin", is_staff=True) == ""
    assert reason_against("Admin", of_staff=("ADMIN",), is_staff=True) != ""


def test_a_letter_bears_a_few_marks_and_not_many() -> None:
    assert reason_against("Vie\u0323\u0302t") == ""
    assert reason_against("A" + "\u0301" * MAX_MARKS) == ""
    assert reason_against("A" + "\u0301" * (MAX_MARKS + 1)) == "must not pile up marks on a letter"


def test_a_name_without_letters_is_nobody_elses() -> None:
    assert reason_against("...", of_staff=("!!!",)) == ""
