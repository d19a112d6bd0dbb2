"""News of people, in whatever order they come."""

import pytest

from services.auth.core.identities.news import Step, is_newer, step
from services.auth.model.identities import Heard, Identity, News, NewsKind, Shown

ALICE = Shown(Identity("https://id.example.org", "a1"), "alice@example.org", True, "Alice")
NOTHING_YET = Heard(0.0, is_gone=False, was_linked=False)


def news(kind: NewsKind, at: float) -> News:
    return News(kind, ALICE, at)


@pytest.mark.parametrize("kind", [NewsKind.CREATED, NewsKind.UPDATED])
def test_somebody_new_gets_an_account_whichever_news_come_first(kind: NewsKind) -> None:
    assert step(news(kind, 10), NOTHING_YET, has_account=False) is Step.MAKE


@pytest.mark.parametrize("kind", [NewsKind.CREATED, NewsKind.UPDATED])
def test_somebody_known_is_changed(kind: NewsKind) -> None:
    heard = Heard(9, is_gone=False, was_linked=True)

    assert step(news(kind, 10), heard, has_account=True) is Step.CHANGE


@pytest.mark.parametrize("at", [9.0, 10.0])
def test_old_news_change_nothing(at: float) -> None:
    heard = Heard(10, is_gone=False, was_linked=True)

    assert step(news(NewsKind.UPDATED, at), heard, has_account=True) is Step.NOTHING
    assert not is_newer(news(NewsKind.UPDATED, at), heard)


def test_a_deletion_takes_the_account_out() -> None:
    heard = Heard(9, is_gone=False, was_linked=True)

    assert step(news(NewsKind.DELETED, 10), heard, has_account=True) is Step.LEAVE


def test_of_two_that_happened_at_once_the_deletion_holds() -> None:
    at_once = Heard(10, is_gone=False, was_linked=True)
    gone = Heard(10, is_gone=True, was_linked=True)

    assert step(news(NewsKind.DELETED, 10), at_once, has_account=True) is Step.LEAVE
    assert step(news(NewsKind.UPDATED, 10), gone, has_account=False) is Step.NOTHING


def test_a_deletion_that_overtook_the_creation_is_remembered() -> None:
    assert is_newer(news(NewsKind.DELETED, 10), NOTHING_YET)
    gone = Heard(10, is_gone=True, was_linked=False)

    assert step(news(NewsKind.CREATED, 8), gone, has_account=False) is Step.NOTHING


def test_an_account_that_was_erased_or_unlinked_here_does_not_come_back_by_news() -> None:
    heard = Heard(9, is_gone=False, was_linked=True)

    assert step(news(NewsKind.UPDATED, 10), heard, has_account=False) is Step.NOTHING
