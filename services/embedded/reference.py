"""Writes docs/settings.md from the settings themselves, so that it cannot fall behind.

python -m services settings > docs/settings.md
"""

from collections.abc import Iterator
from typing import Final

from libs.common.bus.topology import Spread
from libs.common.client import ClientSettings
from libs.common.http.settings import HttpSettings
from libs.common.logs import LogSettings
from libs.common.postgres import DatabaseSettings
from libs.common.runner import RunSettings
from libs.common.settings import SettingRow, Settings, rows
from services.auth.settings import PREFIX as AUTH
from services.auth.settings import AuthSettings
from services.embedded.settings import EmbeddedSettings
from services.gateway.settings import PREFIX as GATEWAY
from services.gateway.settings import GatewaySettings
from services.messages.settings import PREFIX as MESSAGES
from services.messages.settings import MessagesSettings
from services.presence.settings import PREFIX as PRESENCE
from services.presence.settings import PresenceSettings
from services.rooms.settings import PREFIX as ROOMS
from services.rooms.settings import RoomsSettings

Group = tuple[str, str, type[Settings]]

GROUPS: Final[tuple[Group, ...]] = (
    ("The program in one process", "", EmbeddedSettings),
    ("What it logs (in one process LOG_LEVEL is warning)", "", LogSettings),
    ("Listening and stopping", "", RunSettings),
    ("HTTP", "", HttpSettings),
    ("Calls between services", "", ClientSettings),
    ("Postgres", "", DatabaseSettings),
    ("The bus", "BUS_", Spread),
    ("auth", AUTH, AuthSettings),
    ("rooms", ROOMS, RoomsSettings),
    ("messages", MESSAGES, MessagesSettings),
    ("presence", PRESENCE, PresenceSettings),
    ("gateway", GATEWAY, GatewaySettings),
)

INTRODUCTION: Final = """# Settings

Everything that can be set, read once at the start from the environment: `PORT=9000 make run`.
A name with the prefix of a service that is none of its settings stops the start and says which one
was probably meant. Secrets can come from a file: add `_FILE` to the name.

This page is written by `make docs` from the code.
"""


def settings_page() -> str:
    """Return docs/settings.md; a variable that several models read stands in the first group."""
    shown: set[str] = set()
    return INTRODUCTION + "".join(_group(*group, shown) for group in GROUPS)


def _group(title: str, prefix: str, model: type[Settings], shown: set[str]) -> str:
    lines = "\n".join(_lines(prefix, model, shown))
    return f"\n## {title}\n\n| variable | default | what it does |\n|---|---|---|\n{lines}\n"


def _lines(prefix: str, model: type[Settings], shown: set[str]) -> Iterator[str]:
    for row in rows(model, prefix):
        if row.name not in shown:
            shown.add(row.name)
            yield f"| `{row.name}` | {_default(row)} | {row.description} |"


def _default(row: SettingRow) -> str:
    has_unit = row.unit and row.default not in ("required", "not set", "hidden")
    return f"{row.default} {row.unit}" if has_unit else row.default
