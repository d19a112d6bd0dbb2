"""What a log-in with an identity from elsewhere comes to."""

from dataclasses import replace
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from services.auth.core.identities.joining import (
    Arrival,
    Enters,
    Joins,
    Links,
    arrive,
    usable_email,
    usable_name,
)
from services.auth.core.identities.refusals import (
    EmailMissing,
    EmailUnverifiedThere,
    LinkRequired,
)
from services.auth.model.accounts import Account, EmailState
from services.auth.model.identities import Identity, Shown

ALICE = Account(
    id=PersonId(UUID(int=1)),
    kind=PersonKind.USER,
    email="alice@example.org",
    email_state=EmailState.PROVED,
    has_password=True,
    name="Alice",
    system_role=SystemRole.MEMBER,
    is_disabled=False,
    version=1,
    avatar_version=None,
    created_at=0.0,
    updated_at=0.0,
)
SHOWN = Shown(Identity("https://id.example.org", "a1"), "alice@example.org", True, "Alice")


def arrival(
    shown: Shown = SHOWN,
    *,
    holder: Account | None = None,
    namesake: Account | None = None,
    links_by_email: bool = False,
    needs_verified: bool = False,
) -> Arrival:
    return arrive(
        shown,
        holder=holder,
        namesake=namesake,
        links_by_email=links_by_email,
        needs_verified=needs_verified,
    )


def test_a_linked_identity_enters_whatever_its_address_is_by_now() -> None:
    nobody = replace(SHOWN, email=None, is_verified=False)

    assert arrival(nobody, holder=ALICE, needs_verified=True) == Enters(ALICE)


def test_somebody_new_joins_with_a_clean_address_and_name() -> None:
    assert arrival(replace(SHOWN, email=" alice@example.org ")) == Joins(
        "alice@example.org", "Alice"
    )


def test_somebody_without_a_name_joins_all_the_same() -> None:
    assert arrival(replace(SHOWN, name=None)) == Joins("alice@example.org", "New user")


@pytest.mark.parametrize("email", [None, "", "alice", "alice@localhost", 'a"b@example.org'])
def test_nobody_joins_without_an_address(email: str | None) -> None:
    with pytest.raises(EmailMissing):
        arrival(replace(SHOWN, email=email))


def test_an_account_of_the_same_address_is_not_entered() -> None:
    with pytest.raises(LinkRequired):
        arrival(namesake=ALICE)


def test_an_address_that_both_sides_verified_links_where_that_is_wanted() -> None:
    assert arrival(namesake=ALICE, links_by_email=True) == Links(ALICE)


def test_an_address_that_the_provider_did_not_verify_links_nothing() -> None:
    with pytest.raises(LinkRequired):
        arrival(replace(SHOWN, is_verified=False), namesake=ALICE, links_by_email=True)


@pytest.mark.parametrize("state", [EmailState.UNPROVED, EmailState.AWAITED])
def test_an_account_that_somebody_made_with_a_foreign_address_is_not_shared(
    state: EmailState,
) -> None:
    waiting = replace(ALICE, email_state=state)

    with pytest.raises(LinkRequired):
        arrival(namesake=waiting, links_by_email=True)


@pytest.mark.parametrize("namesake", [None, ALICE])
def test_who_claims_any_address_learns_nothing_of_accounts(namesake: Account | None) -> None:
    with pytest.raises(EmailUnverifiedThere):
        arrival(replace(SHOWN, is_verified=False), namesake=namesake, needs_verified=True)


def test_names_lose_what_cannot_be_seen_and_what_is_too_much() -> None:
    assert usable_name(replace(SHOWN, name="Al\u202eice\0")) == "Alice"
    assert usable_name(replace(SHOWN, name="a" * 500)) == "a" * 64
    assert usable_name(replace(SHOWN, name="\u200b \u3164")) is None


def test_an_address_is_composed_as_accounts_have_it() -> None:
    assert usable_email(replace(SHOWN, email="ju\u0308rgen@example.org")) == "jürgen@example.org"
