"""The proxy's routes are those of the edge of one process."""

import re
from collections.abc import Iterator

import pytest

from services.builders.edge import GATEWAY, ROUTES, WHOLE, owner_of
from services.deployment.edge import PORTS, pattern_of, routes
from tests.architecture.tree import read

ROW = re.compile(
    r"@row(\d+) path_regexp (?P<pattern>\S+)\n\thandle @row\1 \{\n(?P<steps>(?:\t\t.*\n)+)\t\}"
)
TO = re.compile(r"import to_(\w+)")

PATHS = [
    *(row.replace("*", "0198-room") for row, _ in ROUTES),
    *(f"{row.replace('*', '0198-room')}/further/down" for row, _ in ROUTES),
    *(f"{row}-and-more" for row, _ in ROUTES),
    "/",
    "/index.html",
    "/v1",
    "/v1/",
    "/v1/ws",
    "/v1/rooms/",
    "/v1/roomsandmore",
    "/v1/rooms/one/two/messages",
    "/v1/sync",
    "/metrics",
    "/internal/revocations",
    "/openapi.json",
    "/openapi/nobody.json",
]


def rows() -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Yield pattern, owner and steps of each row of the committed file, in its order."""
    for row in ROW.finditer(read("deploy/edge/routes.caddy")):
        (owner,) = TO.findall(row["steps"])
        yield re.compile(row["pattern"]), owner, row["steps"]


def proxied_to(path: str) -> str:
    """Return the service to which the proxy passes a path on."""
    return next((owner for pattern, owner, _ in rows() if pattern.search(path)), GATEWAY)


def test_the_routes_are_what_make_docs_writes() -> None:
    assert read("deploy/edge/routes.caddy") == routes()


def test_every_row_of_the_table_is_there_in_its_order() -> None:
    assert [(pattern.pattern, owner) for pattern, owner, _ in rows()] == [
        (pattern_of(row), GATEWAY if owner == WHOLE else owner) for row, owner in ROUTES
    ]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_has_the_owner_that_it_has_in_one_process(path: str) -> None:
    owner = owner_of(path)

    assert proxied_to(path) == (GATEWAY if owner == WHOLE else owner)


def test_what_fits_no_row_is_the_gateways() -> None:
    assert read("deploy/edge/routes.caddy").endswith(f"\timport to_{GATEWAY}\n}}\n")


def test_the_refresh_cookie_goes_to_auth_and_nowhere_else() -> None:
    with_cookie = [
        pattern.pattern for pattern, _, steps in rows() if "request_header -Cookie" not in steps
    ]

    assert with_cookie == [pattern_of("/v1/auth")]
    assert read("deploy/edge/routes.caddy").endswith(
        f"\trequest_header -Cookie\n\timport to_{GATEWAY}\n}}\n"
    )


def test_every_service_is_looked_up_again_and_again() -> None:
    text = read("deploy/edge/routes.caddy")

    for service, port in PORTS.items():
        name = service.upper()
        assert f"dynamic a {{${name}_NAME:{service}}} {{${name}_PORT:{port}}} {{" in text


def test_the_proxy_uses_the_routes() -> None:
    text = read("deploy/edge/Caddyfile")

    assert "import routes.caddy" in text
    assert "\troute {\n\t\timport routes\n\t}" in text
    assert "admin off" in text
