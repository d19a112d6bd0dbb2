"""The cookie that ties a log-in to the browser in which it began."""

from uuid import UUID

import pytest
from starlette.requests import Request

from libs.common.contracts.ids import PersonId, SessionId
from services.auth.api.identities.flow_cookie import FlowCookie
from services.auth.model.identities import Flow, Linking

NOW = 1_700_000_000.0
LINKING = Linking(PersonId(UUID(int=1)), SessionId(UUID(int=2)))
FLOW = Flow("acme", "s-1", "n-1", "v-1", NOW + 600, LINKING, "i-1")
KEY = b"k" * 32


def request(name: str, value: str) -> Request:
    headers = [(b"cookie", f"{name}={value}".encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


def test_what_was_sealed_is_read_again() -> None:
    cookie = FlowCookie(KEY, is_secure=True)
    kept = cookie.keeping(FLOW, now=NOW)

    assert cookie.read(request(kept.name, kept.value)) == FLOW


def test_it_goes_to_this_host_only_over_tls_and_with_links_from_elsewhere() -> None:
    kept = FlowCookie(KEY, is_secure=True).keeping(FLOW, now=NOW)

    assert (kept.name, kept.path, kept.is_secure) == ("__Host-hubbub_login", "/", True)
    assert (kept.same_site, kept.max_age_s) == ("lax", 600)


def test_nothing_in_it_can_be_read() -> None:
    kept = FlowCookie(KEY, is_secure=True).keeping(FLOW, now=NOW)

    assert not [word for word in ("s-1", "n-1", "v-1", "i-1", "acme") if word in kept.value]
    assert len(kept.value) < 1_000


def test_the_cookie_of_another_server_says_nothing() -> None:
    kept = FlowCookie(b"x" * 32, is_secure=True).keeping(FLOW, now=NOW)

    assert FlowCookie(KEY, is_secure=True).read(request(kept.name, kept.value)) is None


@pytest.mark.parametrize("value", ["", "x", "a.b.c.d.e", "é", "a" * 5_000])
def test_what_is_no_cookie_of_ours_says_nothing(value: str) -> None:
    assert FlowCookie(KEY, is_secure=False).read(request("hubbub_login", value)) is None


def test_the_gone_one_removes_it() -> None:
    gone = FlowCookie(KEY, is_secure=False).gone()

    assert (gone.name, gone.value, gone.max_age_s) == ("hubbub_login", "", 0)
