"""Writes docs/settings.md from the settings themselves, so that it cannot fall behind.

python -m services settings > docs/settings.md
"""

from collections.abc import Iterator
from typing import Final

from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.settings import SettingRow, Settings, rows
from services.embedded.groups import GROUPS, Group
from services.fleet.settings import PREFIX as SPLIT
from services.fleet.settings import FleetSettings
from services.split.settings import EDGE, PEER, EdgeSettings, PeerSettings, SplitSettings

OF_SEPARATE_PROCESSES: Final[tuple[Group, ...]] = (
    ("A process of its own: its surroundings", "", SplitSettings),
    ("A process of its own: RabbitMQ", "BUS_", BrokerSettings),
    ("A process of its own: the other services", PEER, PeerSettings),
    ("A gateway without a proxy in front", EDGE, EdgeSettings),
    ("All processes on one machine (make split)", SPLIT, FleetSettings),
)

INTRODUCTION: Final = """# Settings

Everything that can be set, read once at the start from the environment: `PORT=9000 make run`.
A name with the prefix of a service that is none of its settings stops the start and says which one
was probably meant. Secrets can come from a file: add `_FILE` to the name.

This page is written by `make docs` from the code.
"""


def settings_page() -> str:
    """Return docs/settings.md; what several models read alike stands in the first group."""
    shown: set[SettingRow] = set()
    groups = (*GROUPS, *OF_SEPARATE_PROCESSES)
    return INTRODUCTION + "".join(_group(*group, shown) for group in groups)


def _group(title: str, prefix: str, model: type[Settings], shown: set[SettingRow]) -> str:
    lines = "\n".join(_lines(prefix, model, shown))
    return f"\n## {title}\n\n| variable | default | what it does |\n|---|---|---|\n{lines}\n"


def _lines(prefix: str, model: type[Settings], shown: set[SettingRow]) -> Iterator[str]:
    for row in rows(model, prefix):
        if row not in shown:
            shown.add(row)
            yield f"| `{row.name}` | {_default(row)} | {row.description} |"


def _default(row: SettingRow) -> str:
    has_unit = row.unit and row.default not in ("required", "not set", "hidden")
    return f"{row.default} {row.unit}" if has_unit else row.default
