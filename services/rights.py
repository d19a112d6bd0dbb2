"""Writes docs/permissions.md from the rules themselves, so that it cannot fall behind.

python -m services permissions > docs/permissions.md
"""

from collections.abc import Iterator, Sequence
from typing import Final

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, NotFound
from libs.common.permissions.case import Action, Actor, Room
from libs.common.permissions.decide import NEEDED, NEEDED_AMONG_FRIENDS, may
from libs.common.permissions.rules import (
    ALLOWED,
    RULES,
    Blocked,
    Muted,
    NotMember,
    RoomNotOpen,
    RoomReadOnly,
)

NOW: Final = 0.0


def _actor(
    role: RoomRole | None,
    kind: PersonKind = PersonKind.USER,
    system_role: SystemRole = SystemRole.MEMBER,
    *,
    is_banned: bool = False,
    is_invited: bool = False,
) -> Actor:
    return Actor(
        kind=kind,
        system_role=system_role,
        role=role,
        is_banned=is_banned,
        muted_until=None,
        is_invited=is_invited,
    )


PEOPLE: Final = {
    "outsider": _actor(None),
    "invited": _actor(None, is_invited=True),
    "banned": _actor(None, is_banned=True),
    "guest": _actor(RoomRole.GUEST, PersonKind.GUEST),
    "member": _actor(RoomRole.MEMBER),
    "admin": _actor(RoomRole.ADMIN),
    "owner": _actor(RoomRole.OWNER),
    "system admin": _actor(None, system_role=SystemRole.ADMIN),
    "system owner": _actor(None, system_role=SystemRole.OWNER),
}

STATES: Final = (RoomState.SCHEDULED, RoomState.READ_ONLY, RoomState.CLOSED, RoomState.DELETED)

WORDS: Final[dict[type[ChatError] | None, str]] = {
    None: "**yes**",
    NotFound: "hidden",
    NotMember: "join first",
    RoomNotOpen: "not open",
    RoomReadOnly: "read-only",
    Muted: "muted",
    Blocked: "blocked",
}
"""What stands in the tables; every other refusal is a plain no."""

INTRODUCTION: Final = """# Who may do what in a room

Every service decides by the same rules
([`libs/common/permissions`](../libs/common/permissions/rules.py)); this page is written from them
by `make docs` and a test keeps it so. What a person may do in a room, and which rule decided, is
also answered by `GET /v1/rooms/{room_id}/permissions?explain=1`.

- **outsider**: has an account and is not in the room. **invited**: holds a good invitation to it.
  **banned**: was banned from it. **guest**: came in by an alias, without an account; of all other
  rooms a guest knows nothing.
- **member**, **admin**, **owner**: the role in the room. Bots have one of the first two.
- **system admin**, **system owner**: look after the whole server, and are shown here without
  being in the room. They are admins and owners of every room; bans, mutes and closed doors do not
  bind them.

| it says | which means | answer |
|---|---|---|
| **yes** | it is done | |
| no | it is refused | 403 `forbidden` |
| hidden | nobody tells this person that the room exists | 404 `not_found` |
| join first | for members only | 403 `not_member` |
| not open | the room is scheduled or closed | 403 `room_not_open` |
| read-only | only admins write | 403 `room_read_only` |

"""

DONE_TO_PEOPLE: Final = """
## What is done to people

A yes in these tables means: to somebody. To whom exactly, for `add_member`, `remove_member`,
`change_role`, `mute`, `ban` and `transfer`:

- Nobody does it to who stands as high or higher; of two people of one role, the one with the
  higher role in the system stands higher. Only owners give others a role as high as their own.
- Nobody does it to oneself; but everybody may give up a role of their own.
- A guest stays a guest. A bot owns nothing.
- Only a member can be removed, muted or given a role; somebody may be banned before ever coming
  in.
- A room keeps at least one owner: 409 `last_owner`.

## What is judged beside the rules

How many may be in a room (409 `room_full`), whether its door is locked (403 `room_locked`), the
pace of slow mode (429 `slow_mode`) and what one may do at a time at all (429 `rate_limited`).
"""


def permissions_page() -> str:
    """Return docs/permissions.md."""
    parts = [INTRODUCTION, *map(_kinds, _alike()), _rules(), DONE_TO_PEOPLE]
    return "".join(parts)


def _alike() -> list[list[RoomKind]]:
    """Return the kinds of rooms, those that the rules treat the same side by side."""
    found: dict[tuple[str, ...], list[RoomKind]] = {}
    for kind in RoomKind:
        cells = tuple(
            _word(actor, action, kind, state)
            for state in RoomState
            for action in Action
            for actor in PEOPLE.values()
        )
        found.setdefault(cells, []).append(kind)
    return list(found.values())


def _kinds(kinds: Sequence[RoomKind]) -> str:
    kind = kinds[0]
    title = " and ".join(kinds).capitalize()
    is_friends = kind in (RoomKind.DIRECT, RoomKind.GROUP)
    needed = NEEDED_AMONG_FRIENDS if is_friends else NEEDED
    rows = [
        [f"`{action}`", needed[action], *_row(action, kind, RoomState.OPEN)] for action in Action
    ]
    table = _table(["open", "least role", *PEOPLE], rows)
    others = _table(["state", "who", "what", "becomes"], list(_differences(kind)))
    return (
        f"## {title} rooms\n\n{table}\nIn other states all is the same but for this:\n\n{others}\n"
    )


def _row(action: Action, kind: RoomKind, state: RoomState) -> list[str]:
    return [_word(actor, action, kind, state) for actor in PEOPLE.values()]


def _differences(kind: RoomKind) -> Iterator[list[str]]:
    """Return what is otherwise than in an open room, actions of the same people in one row."""
    for state in STATES:
        if all(set(_row(action, kind, state)) == {"hidden"} for action in Action):
            yield [f"`{state}`", "everybody", "everything", "hidden"]
            continue
        found: dict[tuple[str, str], list[str]] = {}
        for action in Action:
            for who, becomes in _changed(action, kind, state):
                found.setdefault((who, becomes), []).append(f"`{action}`")
        for (who, becomes), what in found.items():
            yield [f"`{state}`", who, ", ".join(what), becomes]


def _changed(action: Action, kind: RoomKind, state: RoomState) -> Iterator[tuple[str, str]]:
    """Return for whom the state changes what, and to what."""
    was, now = _row(action, kind, RoomState.OPEN), _row(action, kind, state)
    changed: dict[str, list[str]] = {}
    for name, before, after in zip(PEOPLE, was, now, strict=True):
        if before != after:
            changed.setdefault(after, []).append(name)
    for becomes, names in changed.items():
        yield ", ".join(names), becomes


def _rules() -> str:
    rows = [
        [str(place), f"`{rule.name}`", rule.because, _code(rule.refusal)]
        for place, rule in enumerate((*RULES, ALLOWED), start=1)
    ]
    table = _table(["", "rule", "because", "answer"], rows)
    return f"## The rules in their order\n\nThe first that holds decides.\n\n{table}"


def _word(actor: Actor, action: Action, kind: RoomKind, state: RoomState) -> str:
    refusal = may(actor, action, room=Room(kind, state), now=NOW).refusal
    return WORDS.get(refusal, "no")


def _code(refusal: type[ChatError] | None) -> str:
    return "yes" if refusal is None else f"{refusal.status} `{refusal.code}`"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [list(heads), ["---"] * len(heads), *map(list, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
