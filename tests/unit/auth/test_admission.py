"""Who may make an account, by policy, invitation and domain."""

import pytest

from libs.common.errors import ChatError
from services.auth.core.accounts import RegistrationClosed
from services.auth.core.admission import (
    DomainNotAllowed,
    InviteNeeded,
    check_admission,
    clean_domain,
)
from services.auth.model.admission import Policy, RegistrationMode

OPEN, INVITE, CLOSED = RegistrationMode.OPEN, RegistrationMode.INVITE, RegistrationMode.CLOSED


@pytest.mark.parametrize(
    ("registration", "is_invited", "refusal"),
    [
        (OPEN, False, None),
        (OPEN, True, None),
        (INVITE, True, None),
        (INVITE, False, InviteNeeded),
        (CLOSED, False, RegistrationClosed),
        (CLOSED, True, RegistrationClosed),
    ],
)
def test_the_policy_decides(
    registration: RegistrationMode, is_invited: bool, refusal: type[ChatError] | None
) -> None:
    policy = Policy(registration, ())

    if refusal is None:
        check_admission(policy, "bob@example.org", is_invited=is_invited)
    else:
        with pytest.raises(refusal):
            check_admission(policy, "bob@example.org", is_invited=is_invited)


@pytest.mark.parametrize("email", ["bob@example.org", "BOB@Example.ORG", "bob@bücher.example"])
def test_an_address_of_a_named_domain_is_taken(email: str) -> None:
    policy = Policy(OPEN, ("example.org", clean_domain("BÜCHER.example")))

    check_admission(policy, email, is_invited=False)


@pytest.mark.parametrize(
    "email",
    [
        "bob@example.com",
        "bob@sales.example.org",
        "bob@notexample.org",
        "bob@example.org.evil.example",
        "example.org@evil.example",
        None,
    ],
)
@pytest.mark.parametrize("registration", [OPEN, INVITE])
def test_an_address_of_another_domain_is_refused_whoever_invited(
    registration: RegistrationMode, email: str | None
) -> None:
    with pytest.raises(DomainNotAllowed):
        check_admission(Policy(registration, ("example.org",)), email, is_invited=True)


@pytest.mark.parametrize("raw", ["Example.Org", " example.org ", "@example.org"])
def test_a_domain_is_kept_as_it_is_compared(raw: str) -> None:
    assert clean_domain(raw) == "example.org"


@pytest.mark.parametrize("raw", ["", "org", "a@b.org", "exa mple.org", "-x.org", "x" * 300])
def test_what_is_no_domain_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="must be a domain"):
        clean_domain(raw)
