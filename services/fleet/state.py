"""Who lives: written down by the fleet for `python -m services split-status`, and read there."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from libs.common.settings import load
from services.fleet.keeper import Keeper
from services.fleet.settings import PREFIX, FleetSettings
from services.nodes.folder import StartFailed

FILE: Final = "fleet.json"
ASK_TIMEOUT_S: Final = 2.0


def write(folder: Path, keepers: Iterable[Keeper]) -> None:
    """Write who lives, whole or not at all."""
    members = [
        {
            "name": keeper.member.name,
            "service": keeper.member.service,
            "pid": keeper.pid,
            "starts": keeper.starts,
            "api": keeper.member.api,
            "inside": keeper.member.inside,
            "log": str(keeper.log_file),
        }
        for keeper in keepers
    ]
    unfinished = folder / f".{FILE}"
    unfinished.write_text(json.dumps({"pid": os.getpid(), "members": members}, indent=2))
    unfinished.rename(folder / FILE)


def remove(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any]:
    """Return what the fleet on a folder has written.  Raises: StartFailed."""
    try:
        written: dict[str, Any] = json.loads((folder / FILE).read_text())
        os.kill(written["pid"], 0)
    except (OSError, ValueError):
        raise StartFailed(f"Nothing runs on {folder}: make split starts it.") from None
    return written


async def show(environ: Mapping[str, str]) -> int:
    """Print who lives and return the exit status.  Raises: SettingsInvalid, StartFailed."""
    settings = load(FleetSettings, PREFIX, environ=environ)
    sys.stdout.write(f"{await table(settings.data_dir)}\n")
    return 0


async def table(folder: Path) -> str:
    """Return who lives and who is ready, as lines.  Raises: StartFailed."""
    members = read(folder)["members"]
    async with httpx.AsyncClient(trust_env=False, timeout=ASK_TIMEOUT_S) as http:
        states = await asyncio.gather(*(_state(http, member["inside"]) for member in members))
    rows = [
        (member["name"], str(member["pid"] or "-"), str(member["starts"]), member["api"], state)
        for member, state in zip(members, states, strict=True)
    ]
    return _lines([("process", "pid", "starts", "address", "state"), *rows])


async def is_ready(http: httpx.AsyncClient, inside: str) -> bool:
    return await _state(http, inside) == "ready"


async def _state(http: httpx.AsyncClient, inside: str) -> str:
    try:
        answer = await http.get(f"{inside}/readyz")
    except httpx.HTTPError:
        return "does not answer"
    if answer.is_success:
        return "ready"
    fields = answer.json().get("fields") or {}
    return "not ready: " + ", ".join(f"{name} {why}" for name, why in fields.items())


def _lines(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
