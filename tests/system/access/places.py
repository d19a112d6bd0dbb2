"""Places: a room of some kind with everybody in it, or out of it, whom a table speaks of."""

from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from uuid import UUID

from tests.system.access.people import EVERYBODY, OF_A_ROOM_OF_FEW, Asker, Cast

PLACES: Final = ("public", "private", "direct", "group", "guest", "deleted")

OF_FEW: Final = frozenset({"direct", "group"})
"""Nobody owns a room of these kinds."""

NOTHING: Final = str(UUID(int=0))

_numbers = count(1)


def fresh() -> str:
    """Return a word that nobody has used before."""
    return f"access-{next(_numbers)}"


@dataclass(frozen=True, slots=True)
class Place:
    """A room as it is before an act. `words` fill the braces of acts, `own` has a message of
    everybody who ever wrote one here.
    """

    kind: str
    cast: Cast
    askers: dict[str, Asker]
    words: dict[str, str]
    own: dict[str, str]

    @property
    def room(self) -> str:
        return self.words["room"]


def people_of(kind: str) -> tuple[str, ...]:
    """Return who is asked about in a place of this kind."""
    return OF_A_ROOM_OF_FEW if kind in OF_FEW else EVERYBODY


async def build(kind: str, cast: Cast, *, foreign_guest: Asker) -> Place:
    """Make a place; `foreign_guest` is a guest of another room."""
    if kind in OF_FEW:
        return await _of_few(kind, cast, foreign_guest)
    room = await make_room(cast, kind)
    askers = {name: cast.asker(name) for name in EVERYBODY if name not in ("anonymous", "guest")}
    askers |= {"anonymous": cast.nobody(), "guest": foreign_guest}
    if kind == "guest":
        askers["guest"] = await admit(cast, room["slug"])
    words = {
        "room": room["id"],
        "tom": cast["tom"].id,
        "author": "tom",
        "frank": cast["frank"].id,
        "banned": cast["banned"].id,
    }
    place = Place(kind, cast, askers, words, own={})
    await _furnish(place)
    return place


async def admit(cast: Cast, slug: str) -> Asker:
    """Come in by an alias."""
    body = {"alias": f"Gus {next(_numbers)}"}
    answer = await cast.http.post(f"/v1/guest-rooms/{slug}/guests", json=body)
    assert answer.status_code == 201, answer.text
    return cast.guest(answer.json())


async def make_room(cast: Cast, kind: str) -> dict[str, Any]:
    """Have the owner make a room."""
    body = {"kind": "private" if kind == "deleted" else kind, "title": f"Room {fresh()}"}
    return dict(await done(cast.asker("owner"), "POST", "/v1/rooms", body))


async def write(place: Place, asker: Asker) -> str:
    """Have somebody write a message, and return its id."""
    body = {"client_msg_id": fresh(), "content": "Hello"}
    answer = await done(asker, "POST", f"/v1/rooms/{place.room}/messages", body)
    return str(answer["message"]["id"])


async def renew(place: Place, who: str, *, whose: str) -> None:
    """Have another message written in the place of one that was deleted."""
    if whose == "own":
        place.own[who] = await write(place, place.askers[who])
    else:
        place.words["other"] = await write(place, place.cast.asker(place.words["author"]))


async def done(asker: Asker, method: str, path: str, body: Any = None) -> Any:
    """Do what is allowed, and return the answer."""
    answer = await asker.call(method, path, body)
    assert answer.is_success, f"{method} {path}: {answer.text}"
    return answer.json() if answer.content else None


async def _of_few(kind: str, cast: Cast, foreign_guest: Asker) -> Place:
    owner, member, tom = [cast.asker(name) for name in ("owner", "member", "tom")]
    others, target = ([member], owner) if kind == "direct" else ([member, tom], tom)
    room = await done(owner, "POST", "/v1/direct", {"user_ids": [one.id for one in others]})
    askers = {name: cast.asker(name) for name in ("outsider", "member", "system")}
    askers |= {"anonymous": cast.nobody(), "guest": foreign_guest}
    words = {
        "room": room["id"],
        "tom": target.id,
        "frank": cast["frank"].id,
        "banned": cast["banned"].id,
        "author": "owner",
        "invite": NOTHING,
        "report": NOTHING,
    }
    place = Place(kind, cast, askers, words, own={})
    # There is one room of these people for ever: what was done in it has to be taken back.
    await done(cast.asker("system"), "DELETE", f"/v1/rooms/{place.room}/mutes/{target.id}")
    place.own["member"] = await write(place, member)
    place.words["other"] = await write(place, owner)
    return place


async def _furnish(place: Place) -> None:
    """Have people come in and write, a message reported, and some of them thrown out."""
    cast, room, askers = place.cast, f"/v1/rooms/{place.room}", place.askers
    owner = askers["owner"]
    for name in ("member", "admin", "removed", "banned", "tom"):
        if place.kind == "public":
            await done(cast.asker(name), "POST", f"{room}/join")
        else:
            await done(owner, "PUT", f"{room}/members/{cast[name].id}", {"role": "member"})
    await done(owner, "PUT", f"{room}/members/{cast['admin'].id}", {"role": "admin"})
    insiders = ("member", "admin", "owner", "removed", "banned")
    for name in (*insiders, "guest") if place.kind == "guest" else insiders:
        place.own[name] = await write(place, askers[name])
    other = place.words["other"] = await write(place, cast.asker("tom"))
    reason = {"reason": "spam"}
    report = await done(askers["member"], "POST", f"/v1/messages/{other}/report", reason)
    invite = await done(owner, "POST", f"{room}/invites", {})
    place.words.update(report=report["id"], invite=invite["code"])
    await done(owner, "DELETE", f"{room}/members/{cast['removed'].id}")
    await done(owner, "PUT", f"{room}/bans/{cast['banned'].id}", {})
    if place.kind == "deleted":
        await done(owner, "DELETE", room)
