"""Asks everybody everything, and returns the table of the answers."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.system.access.acts import (
    OF_A_MESSAGE,
    OF_A_ROOM,
    ON_A_SOCKET,
    ON_A_SOCKET_OF_A_MESSAGE,
    Act,
)
from tests.system.access.people import Asker
from tests.system.access.places import Place, fresh, people_of, renew
from tests.system.access.table import Row, answer
from tests.system.wire import Wire

NOTHING_TO_ASK: Final = "-"
"""Stands where somebody has no message of their own to do anything to."""

WHOSE: Final = ("own", "other")

Build = Callable[[], Awaitable[Place]]


async def asked(build: Build) -> dict[str, Row]:
    """Return what everybody is answered in places of one kind."""
    place = await build()
    rows: dict[str, Row] = {}
    for act in OF_A_ROOM:
        row: dict[str, str] = {}
        for who in people_of(place.kind):
            row[who], is_allowed = await _call(place, who, act)
            if act.spoils and is_allowed:
                place = await build()
        rows[act.name] = row
    for act in OF_A_MESSAGE:
        for whose in WHOSE:
            rows[_name(act, whose)] = await _of_a_message(act, whose, place)
    return rows | await _on_sockets(place)


async def _of_a_message(act: Act, whose: str, place: Place) -> Row:
    row: dict[str, str] = {}
    for who in people_of(place.kind):
        message = _message(place, who, whose)
        if message is None:
            row[who] = NOTHING_TO_ASK
            continue
        row[who], is_allowed = await _call(place, who, act, message=message)
        if act.spends and is_allowed:
            await renew(place, who, whose=whose)
    return row


async def _call(place: Place, who: str, act: Act, **words: str) -> tuple[str, bool]:
    filled = place.words | words
    asker, path = place.askers[who], act.path.format(**filled)
    answered = await asker.call(act.method, path, _filled(act.body, filled))
    code = None if answered.is_success else answered.json()["code"]
    return answer(answered.status_code, code), answered.is_success


async def _on_sockets(place: Place) -> dict[str, Row]:
    """Have everybody say every command, one person after the other."""
    rows: dict[str, dict[str, str]] = {}
    for who in people_of(place.kind):
        asker = place.askers[who]
        said = await (_one_each(place, asker) if asker.token is None else _on_one(place, who))
        for name, word in said.items():
            rows.setdefault(name, {})[who] = word
    return dict(rows)


async def _on_one(place: Place, who: str) -> dict[str, str]:
    """Say every command on one socket."""
    said: dict[str, str] = {}
    async with place.askers[who].wire() as one:
        for act in ON_A_SOCKET:
            said[act.name] = await _say(one, place, act)
        for act in ON_A_SOCKET_OF_A_MESSAGE:
            for whose in WHOSE:
                message = _message(place, who, whose)
                if message is None:
                    said[_name(act, whose)] = NOTHING_TO_ASK
                    continue
                word = said[_name(act, whose)] = await _say(one, place, act, message=message)
                if act.spends and word == "ok":
                    await renew(place, who, whose=whose)
    return said


async def _one_each(place: Place, asker: Asker) -> dict[str, str]:
    """Say every command first on a new socket: who does not say who they are is soon cut."""
    said: dict[str, str] = {}
    for act in (*ON_A_SOCKET, *ON_A_SOCKET_OF_A_MESSAGE):
        async with asker.wire() as one:
            word = await _say(one, place, act, message=place.words["other"])
        if act in ON_A_SOCKET:
            said[act.name] = word
        else:
            said |= {_name(act, "own"): NOTHING_TO_ASK, _name(act, "other"): word}
    return said


async def _say(one: Wire, place: Place, act: Act, **words: str) -> str:
    data = _filled(act.body or {}, place.words | words)
    frame = await one.ask(act.path, room_id=place.room, **data)
    return str(frame.data["code"]) if frame.type == "error" else "ok"


def _message(place: Place, who: str, whose: str) -> str | None:
    return place.own.get(who) if whose == "own" else place.words["other"]


def _name(act: Act, whose: str) -> str:
    """Return how an act on a message is called in a table."""
    if "{message}" in act.path:
        return act.name.replace("{message}", f"{{{whose}}}")
    return f"{act.name}:{whose}"


def _filled(body: Any, words: dict[str, str]) -> Any:
    if not isinstance(body, dict):
        return body
    words = words | {"fresh": fresh()}
    return {
        key: value.format(**words) if isinstance(value, str) else value
        for key, value in body.items()
    }
