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
from services.fleet.nodes import NodeKeeper
from services.fleet.settings import PREFIX, FleetSettings

FILE: Final = "fleet.json"
ASK_TIMEOUT_S: Final = 2.0


class NothingRuns(Exception):
    """There is no fleet on a folder; the text says how to start it."""


def write(folder: Path, node_keepers: Iterable[NodeKeeper[Any]], keepers: Iterable[Keeper]) -> None:
    """Write who lives, whole or not at all."""
    nodes = [
        {"name": one.name, "pid": one.pid, "starts": one.starts, "log": str(one.log_file)}
        for one in node_keepers
    ]
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
    whole = {"pid": os.getpid(), "nodes": nodes, "members": members}
    unfinished.write_text(json.dumps(whole, indent=2))
    unfinished.rename(folder / FILE)


def remove(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any]:
    """Return what the fleet on a folder has written.  Raises: NothingRuns."""
    try:
        written: dict[str, Any] = json.loads((folder / FILE).read_text())
        os.kill(written["pid"], 0)
    except (OSError, ValueError):
        raise NothingRuns(f"Nothing runs on {folder}: make split starts it.") from None
    return written


async def show(environ: Mapping[str, str]) -> int:
    """Print who lives and return the exit status: 1 when nobody does.  Raises: SettingsInvalid."""
    settings = load(FleetSettings, PREFIX, environ=environ)
    try:
        lines = await table(settings.data_dir)
    except NothingRuns as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.write(f"{lines}\n")
    return 0


async def table(folder: Path) -> str:
    """Return who lives and who is ready, as lines.  Raises: NothingRuns."""
    written = read(folder)
    members = written["members"]
    async with httpx.AsyncClient(trust_env=False, timeout=ASK_TIMEOUT_S) as http:
        states = await asyncio.gather(*(_state(http, member["inside"]) for member in members))
    rows = [
        (member["name"], *_life(member), member["api"], member["inside"], state)
        for member, state in zip(members, states, strict=True)
    ]
    nodes = [
        (node["name"], *_life(node), "-", "-", "answers" if node["pid"] else "is started again")
        for node in written["nodes"]
    ]
    return _lines([("process", "pid", "starts", "address", "inside", "state"), *nodes, *rows])


def _life(one: Mapping[str, Any]) -> tuple[str, str]:
    return str(one["pid"] or "-"), str(one["starts"])


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
