"""The refresh token of a browser, and who may act by it."""

import pytest
from starlette.requests import Request

from libs.common.http.problems import ForeignOrigin, UnsupportedType
from services.auth.api.cookies import RefreshCookie

OVER_TLS = RefreshCookie(is_secure=True)
PLAIN = RefreshCookie(is_secure=False)


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


def test_over_tls_the_cookie_is_bound_to_this_host() -> None:
    cookie = OVER_TLS.keeping("secret", max_age_s=60.9)

    assert cookie.name == "__Host-hubbub_refresh"
    assert cookie.is_secure
    assert (cookie.path, cookie.same_site, cookie.max_age_s) == ("/", "strict", 60)


def test_without_tls_the_cookie_promises_no_tls() -> None:
    cookie = PLAIN.keeping("secret", max_age_s=60)

    assert cookie.name == "hubbub_refresh"
    assert not cookie.is_secure
    assert (cookie.path, cookie.same_site) == ("/", "strict")


def test_the_cookie_is_read_from_a_request_of_a_page() -> None:
    shown = request(
        cookie="__Host-hubbub_refresh=secret",
        content_type="application/json; charset=utf-8",
        origin="https://chat.example.org",
    )

    assert OVER_TLS.read(shown) == "secret"


@pytest.mark.parametrize(
    "cookie", ["", "other=1", "hubbub_refresh=secret", "__Host-hubbub_refresh="]
)
def test_without_the_cookie_nothing_else_is_asked(cookie: str) -> None:
    assert OVER_TLS.read(request(cookie=cookie)) is None


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_site_cannot_act_by_the_cookie(kind: str) -> None:
    shown = request(
        cookie="hubbub_refresh=secret", content_type=kind, origin="https://chat.example.org"
    )

    with pytest.raises(UnsupportedType):
        PLAIN.read(shown)


def test_a_request_that_does_not_say_its_page_cannot_act_by_the_cookie() -> None:
    with pytest.raises(ForeignOrigin):
        PLAIN.read(request(cookie="hubbub_refresh=secret", content_type="application/json"))


def test_removing_it_leaves_nothing_behind() -> None:
    cookie = OVER_TLS.gone()

    assert (cookie.name, cookie.value, cookie.max_age_s) == ("__Host-hubbub_refresh", "", 0)
