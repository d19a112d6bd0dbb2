"""The routes of the reverse proxy, from the table that the edge of one process has.

    python -m services.deployment routes > deploy/edge/routes.caddy (make docs does it)

Rows stand in the order of the table and the first that fits takes the request, as there. Every
service is looked up by name again and again, so that one that is scaled gets its share.
"""

import re
from collections.abc import Iterator
from textwrap import indent
from typing import Final

from services.auth.settings.general import AuthSettings
from services.builders.edge import DOCUMENT, GATEWAY, ROUTES, WHOLE
from services.gateway.settings import GatewaySettings
from services.messages.settings import MessagesSettings
from services.presence.settings import PresenceSettings
from services.rooms.settings import RoomsSettings

PORTS: Final = {
    "auth": AuthSettings.model_fields["port"].default,
    "rooms": RoomsSettings.model_fields["port"].default,
    "messages": MessagesSettings.model_fields["port"].default,
    "presence": PresenceSettings.model_fields["port"].default,
    "gateway": GatewaySettings.model_fields["port"].default,
}

WITH_COOKIE: Final = "/v1/auth"
"""Below this path alone the refresh cookie is passed on."""

TAB: Final = "\t"
HEAD: Final = "# Written by `make docs` from services/builders/edge.py.\n"


def routes() -> str:
    """Return deploy/edge/routes.caddy."""
    rows = "".join([*_rows(), f"request_header -Cookie\nimport to_{GATEWAY}\n"])
    return f"{HEAD}{''.join(_services())}\n(routes) {{\n{indent(rows, TAB)}}}\n"


def pattern_of(row: str) -> str:
    """Return the regular expression for a row of the table: it and everything below it.

    The proxy leaves out empty parts of a path before it looks, which only matters for paths that
    are nobody's.
    """
    parts = ("[^/]*" if part == "*" else re.escape(part) for part in row.split("/"))
    return f"^{'/'.join(parts)}(/|$)"


def _services() -> Iterator[str]:
    """Yield how each service is reached; a test moves them by name and port."""
    for service, port in PORTS.items():
        name = f"{{${service.upper()}_NAME:{service}}} {{${service.upper()}_PORT:{port}}}"
        yield f"""
(to_{service}) {{
\treverse_proxy {{
\t\tdynamic a {name} {{
\t\t\trefresh 2s
\t\t}}
\t\timport to_any
\t}}
}}
"""


def _rows() -> Iterator[str]:
    for number, (row, owner) in enumerate(ROUTES, start=1):
        service = GATEWAY if owner == WHOLE else owner
        steps = [f"import to_{service}"]
        if row.startswith("/openapi/"):
            steps.insert(0, f"rewrite * {DOCUMENT}")
        if row != WITH_COOKIE:
            steps.insert(0, "request_header -Cookie")
        body = indent("\n".join(steps), TAB)
        yield f"@row{number} path_regexp {pattern_of(row)}\nhandle @row{number} {{\n{body}\n}}\n"
