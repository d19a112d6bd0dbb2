"""What comes back from a provider, held against what was sent there."""

from dataclasses import replace

import pytest

from services.auth.core.identities.answers import check_flow, code_in
from services.auth.core.identities.refusals import IdentityInvalid, LoginExpired, ProviderRefused
from services.auth.model.identities import Flow

NOW = 1_700_000_000.0
ISSUER = "https://id.example.org"
FLOW = Flow("acme", "s-1", "n-1", "v-1", NOW + 600, None, None)


def test_the_answer_to_this_browser_s_log_in_is_taken() -> None:
    assert check_flow(FLOW, {"state": "s-1"}, provider="acme", now=NOW) == FLOW


@pytest.mark.parametrize(
    ("flow", "query"),
    [
        (None, {"state": "s-1"}),
        (FLOW, {}),
        (FLOW, {"state": ""}),
        (FLOW, {"state": "s-2"}),
        (FLOW, {"state": "\udce9"}),
        (replace(FLOW, provider="evil"), {"state": "s-1"}),
        (replace(FLOW, expires_at=NOW), {"state": "s-1"}),
    ],
    ids=["no cookie", "no state", "empty", "another", "broken", "another provider's", "too late"],
)
def test_any_other_answer_is_refused(flow: Flow | None, query: dict[str, str]) -> None:
    with pytest.raises(LoginExpired):
        check_flow(flow, query, provider="acme", now=NOW)


def test_an_answer_that_says_whose_it_is_gives_its_code() -> None:
    assert code_in({"code": "c", "iss": ISSUER}, issuer=ISSUER, names_itself=True) == "c"


def test_a_provider_that_never_says_it_need_not() -> None:
    assert code_in({"code": "c"}, issuer=ISSUER, names_itself=False) == "c"


@pytest.mark.parametrize("names_itself", [True, False])
def test_the_answer_of_another_provider_is_refused(*, names_itself: bool) -> None:
    query = {"code": "c", "iss": "https://evil.example.org"}

    with pytest.raises(IdentityInvalid):
        code_in(query, issuer=ISSUER, names_itself=names_itself)


def test_a_provider_that_always_says_whose_answer_it_is_must_here_too() -> None:
    with pytest.raises(IdentityInvalid):
        code_in({"code": "c"}, issuer=ISSUER, names_itself=True)


@pytest.mark.parametrize("query", [{"error": "access_denied"}, {"error": "x", "code": "c"}, {}])
def test_a_no_of_the_provider_is_a_no(query: dict[str, str]) -> None:
    with pytest.raises(ProviderRefused):
        code_in(query, issuer=ISSUER, names_itself=False)
