"""Fills a data folder with the people, rooms and messages of the demo.

    folder, held -> Postgres -> is it empty? -> the services, three weeks ago -> every act -> now

The services write everything themselves, by their own rules, in the time of the story. See
docs/decisions/0015-a-demo-in-its-own-time.md.
"""

import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from hubbub_client.frames import Refused
from libs.common import logs
from libs.common.chance import SystemChance
from libs.common.clock import Clock, SystemClock
from libs.common.errors import ChatError
from libs.common.postgres import Database
from libs.common.settings import load
from libs.common.starting import CannotStart
from services.auth.model.searching import search_of
from services.auth.store.searching import SearchStore
from services.builders.saying import say
from services.demo.acts import Say
from services.demo.cast import Cast
from services.demo.clock import StoryClock
from services.demo.stage import raised
from services.demo.story import Story, story
from services.demo.telling import Telling
from services.embedded.environment import check
from services.embedded.opening import Opening
from services.embedded.settings import EmbeddedSettings
from services.nodes.folder import DataFolder

ENDS_BEFORE_S: Final = 60.0
"""The story ends a little before it is told: telling its last hour takes a moment, too."""

BEGINS_BEFORE_S: Final = 60.0
"""The services are started a little before the story begins."""

MARK: Final = "demo"
BEGUN: Final = "begun"
DONE: Final = "done"


class State(Enum):
    """What a folder holds: nobody, people who are not of the demo, the demo, or a part of it."""

    EMPTY = auto()
    FOREIGN = auto()
    SEEDED = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """`share` is how much of the long histories is told; see `story`."""

    share: float
    is_among_people: bool


class CannotSeed(CannotStart):
    """The folder holds something that the demo must not be mixed with."""


async def run(environ: Mapping[str, str], wanted: Wanted) -> bool:
    """Seed the folder that `make run` with this environment would use; tell whether it was needed.

    Raises: CannotSeed, CannotStart, SettingsInvalid: one line says what to do.
    """
    settings = check(environ)
    real = SystemClock()
    logs.configure(
        load(logs.LogSettings, "", environ={"LOG_LEVEL": "warning", **environ}),
        real,
        instance="seed",
        stream=sys.stdout,
    )
    told = story(end=real.now() - ENDS_BEFORE_S, zone=None, share=wanted.share)
    async with AsyncExitStack() as opened:
        return await _seed(settings, environ, wanted, told=told, real=real, opened=opened)


async def _seed(
    settings: EmbeddedSettings,
    environ: Mapping[str, str],
    wanted: Wanted,
    *,
    told: Story,
    real: Clock,
    opened: AsyncExitStack,
) -> bool:
    clock = StoryClock(real, begins_at=told.acts[0].at - BEGINS_BEFORE_S)
    opening = Opening(settings, environ, clock=clock, chance=SystemChance(clock), opened=opened)
    folder = opening.folder()
    links: list[str] = []
    parts = await opening.parts(folder, announce=links.append)
    if not await _is_wanted(folder, parts.databases["auth"], wanted):
        return False
    _mark(folder, BEGUN)
    began = real.monotonic()
    stage = await opened.enter_async_context(raised(settings, parts, environ=environ))
    telling = Telling(
        Cast(stage, clock, opened),
        clock,
        people=told.people,
        rooms=told.rooms,
        owner_token=links[0].rpartition("=")[2] if links else None,
    )
    try:
        await telling.tell(told.acts)
    except (ChatError, Refused) as no:
        raise CannotSeed(
            f"The story met a refusal ({no}) and is told by half in {folder.path}: settings or "
            "people there stand against it. Remove that folder, or choose another."
        ) from no
    _mark(folder, DONE)
    say(_summary(told, folder.path, took_s=real.monotonic() - began))
    return True


async def _is_wanted(folder: DataFolder, auth: Database, wanted: Wanted) -> bool:
    """Tell whether to seed; False: it is done already.  Raises: CannotSeed."""
    match state_of(_mark_in(folder.path), has_people=await _has_people(auth)):
        case State.SEEDED:
            say(f"The demo is in {folder.path} already: nothing to do.")
            return False
        case State.BROKEN:
            raise CannotSeed(
                f"Seeding {folder.path} was interrupted: remove that folder and seed again."
            )
        case State.FOREIGN if not wanted.is_among_people:
            raise CannotSeed(
                f"There are people in {folder.path} who are not of the demo: choose another folder "
                "(DATA_DIR=...), or let them mix: make seed ARGS=--among-people."
            )
    return True


def is_seeded(path: Path) -> bool:
    """Tell whether a data folder says that it was seeded, without opening it."""
    return _mark_in(path) == DONE


def state_of(mark: str, *, has_people: bool) -> State:
    """Return what a folder holds that carries this mark, "" for none."""
    if not has_people:
        return State.EMPTY
    return {BEGUN: State.BROKEN, DONE: State.SEEDED}.get(mark, State.FOREIGN)


async def _has_people(auth: Database) -> bool:
    return bool(await SearchStore(auth).find(search_of(""), after=None, limit=1))


def _mark_in(path: Path) -> str:
    mark = path / MARK
    return mark.read_text() if mark.exists() else ""


def _mark(folder: DataFolder, state: str) -> None:
    (folder.path / MARK).write_text(state)


def _summary(told: Story, folder: Path, *, took_s: float) -> str:
    messages = sum(isinstance(act, Say) for act in told.acts)
    return (
        f"Told {messages} messages of {len(told.people)} people in {len(told.rooms)} rooms "
        f"into {folder}, in {took_s:.0f} s."
    )
