"""Who may do what, written out: every role, action, kind and state of a room.

Each table is for an open room of one kind; what changes in other states is listed below them.
`.` means yes, and the letters are the refusals of `REFUSALS`.
"""

import pytest

from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, Forbidden, NotFound
from libs.common.permissions.case import Action, Room
from libs.common.permissions.decide import may
from libs.common.permissions.rules import NotMember, RoomNotOpen, RoomReadOnly
from tests.unit.common.people import (
    ADMIN,
    ALICE,
    BOB,
    CHARLIE,
    GUEST,
    PASSER_BY,
    SYSTEM_ADMIN,
    SYSTEM_OWNER,
    user,
)

NOW = 1_000.0

ACTORS = {
    "passer_by": PASSER_BY,
    "charlie": CHARLIE,
    "invited": user(None, is_invited=True),
    "guest": GUEST,
    "bob": BOB,
    "admin": ADMIN,
    "alice": ALICE,
    "sys_admin": SYSTEM_ADMIN,
    "sys_owner": SYSTEM_OWNER,
}

REFUSALS: dict[str, type[ChatError] | None] = {
    ".": None,
    "?": NotFound,
    "x": Forbidden,
    "m": NotMember,
    "c": RoomNotOpen,
    "r": RoomReadOnly,
}

PUBLIC = """
                 passer charlie invited guest bob admin alice sysadmin sysowner
see              ?      .       .       .     .   .     .     .        .
read             ?      .       .       .     .   .     .     .        .
join             ?      .       .       .     .   .     .     .        .
leave            ?      m       m       .     .   .     .     m        m
post             ?      m       m       .     .   .     .     .        .
react            ?      m       m       .     .   .     .     .        .
edit_own         ?      m       m       .     .   .     .     .        .
edit_others      ?      m       m       x     x   x     x     x        x
delete_own       ?      m       m       .     .   .     .     .        .
delete_others    ?      m       m       x     x   .     .     .        .
report           ?      m       m       .     .   .     .     .        .
pin              ?      m       m       x     x   .     .     .        .
invite           ?      m       m       x     x   .     .     .        .
add_member       ?      m       m       x     x   x     x     x        x
remove_member    ?      m       m       x     x   .     .     .        .
change_role      ?      m       m       x     x   .     .     .        .
mute             ?      m       m       x     x   .     .     .        .
ban              ?      m       m       x     x   .     .     .        .
moderate         ?      m       m       x     x   .     .     .        .
change_room      ?      m       m       x     x   .     .     .        .
see_changes      ?      m       m       x     x   .     .     .        .
take_transcript  ?      m       m       x     x   .     .     .        .
transfer         ?      m       m       x     x   x     .     x        .
archive          ?      m       m       x     x   x     .     x        .
delete_room      ?      m       m       x     x   x     .     x        .
"""

PRIVATE = """
                 passer charlie invited guest bob admin alice sysadmin sysowner
see              ?      ?       .       .     .   .     .     .        .
read             ?      ?       m       .     .   .     .     .        .
join             ?      ?       .       .     .   .     .     .        .
leave            ?      ?       m       .     .   .     .     m        m
post             ?      ?       m       .     .   .     .     .        .
react            ?      ?       m       .     .   .     .     .        .
edit_own         ?      ?       m       .     .   .     .     .        .
edit_others      ?      ?       m       x     x   x     x     x        x
delete_own       ?      ?       m       .     .   .     .     .        .
delete_others    ?      ?       m       x     x   .     .     .        .
report           ?      ?       m       .     .   .     .     .        .
pin              ?      ?       m       x     x   .     .     .        .
invite           ?      ?       m       x     x   .     .     .        .
add_member       ?      ?       m       x     x   .     .     .        .
remove_member    ?      ?       m       x     x   .     .     .        .
change_role      ?      ?       m       x     x   .     .     .        .
mute             ?      ?       m       x     x   .     .     .        .
ban              ?      ?       m       x     x   .     .     .        .
moderate         ?      ?       m       x     x   .     .     .        .
change_room      ?      ?       m       x     x   .     .     .        .
see_changes      ?      ?       m       x     x   .     .     .        .
take_transcript  ?      ?       m       x     x   .     .     .        .
transfer         ?      ?       m       x     x   x     .     x        .
archive          ?      ?       m       x     x   x     .     x        .
delete_room      ?      ?       m       x     x   x     .     x        .
"""

GROUP = """
                 passer charlie invited guest bob admin alice sysadmin sysowner
see              ?      ?       .       .     .   .     .     .        .
read             ?      ?       m       .     .   .     .     .        .
join             ?      ?       .       .     .   .     .     .        .
leave            ?      ?       m       .     .   .     .     m        m
post             ?      ?       m       .     .   .     .     .        .
react            ?      ?       m       .     .   .     .     .        .
edit_own         ?      ?       m       .     .   .     .     .        .
edit_others      ?      ?       m       x     x   x     x     x        x
delete_own       ?      ?       m       .     .   .     .     .        .
delete_others    ?      ?       m       x     x   .     .     .        .
report           ?      ?       m       .     .   .     .     .        .
pin              ?      ?       m       x     .   .     .     .        .
invite           ?      ?       m       x     x   .     .     .        .
add_member       ?      ?       m       x     x   .     .     .        .
remove_member    ?      ?       m       x     x   .     .     .        .
change_role      ?      ?       m       x     x   .     .     .        .
mute             ?      ?       m       x     x   .     .     .        .
ban              ?      ?       m       x     x   .     .     .        .
moderate         ?      ?       m       x     x   .     .     .        .
change_room      ?      ?       m       x     x   .     .     .        .
see_changes      ?      ?       m       x     x   .     .     .        .
take_transcript  ?      ?       m       x     .   .     .     .        .
transfer         ?      ?       m       x     x   x     .     x        .
archive          ?      ?       m       x     x   x     .     x        .
delete_room      ?      ?       m       x     x   x     .     x        .
"""

DIRECT = """
                 passer charlie invited guest bob admin alice sysadmin sysowner
see              ?      ?       .       .     .   .     .     .        .
read             ?      ?       m       .     .   .     .     .        .
join             ?      ?       x       .     .   .     .     x        x
leave            ?      ?       m       x     x   x     x     m        m
post             ?      ?       m       .     .   .     .     .        .
react            ?      ?       m       .     .   .     .     .        .
edit_own         ?      ?       m       .     .   .     .     .        .
edit_others      ?      ?       m       x     x   x     x     x        x
delete_own       ?      ?       m       .     .   .     .     .        .
delete_others    ?      ?       m       x     x   .     .     .        .
report           ?      ?       m       .     .   .     .     .        .
pin              ?      ?       m       x     .   .     .     .        .
invite           ?      ?       m       x     x   x     x     x        x
add_member       ?      ?       m       x     x   x     x     x        x
remove_member    ?      ?       m       x     x   x     x     x        x
change_role      ?      ?       m       x     x   x     x     x        x
mute             ?      ?       m       x     x   .     .     .        .
ban              ?      ?       m       x     x   x     x     x        x
moderate         ?      ?       m       x     x   .     .     .        .
change_room      ?      ?       m       x     x   .     .     .        .
see_changes      ?      ?       m       x     x   .     .     .        .
take_transcript  ?      ?       m       x     .   .     .     .        .
transfer         ?      ?       m       x     x   x     x     x        x
archive          ?      ?       m       x     x   x     .     x        .
delete_room      ?      ?       m       x     x   x     .     x        .
"""

OPEN_TABLES = {
    RoomKind.PUBLIC: PUBLIC,
    RoomKind.PRIVATE: PRIVATE,
    RoomKind.GUEST: PRIVATE,
    RoomKind.GROUP: GROUP,
    RoomKind.DIRECT: DIRECT,
}

WRITING = {Action.POST, Action.REACT, Action.EDIT_OWN}
INSIDE = {"guest", "bob", "admin", "alice", "sys_admin", "sys_owner"}
HOSTS = {"admin", "alice", "sys_admin", "sys_owner"}


def cells(table: str) -> dict[tuple[str, Action], type[ChatError] | None]:
    _, *rows = table.strip("\n").splitlines()
    return {
        (name, Action(row.split()[0])): REFUSALS[mark]
        for row in rows
        for name, mark in zip(ACTORS, row.split()[1:], strict=True)
    }


def expected(kind: RoomKind, state: RoomState) -> dict[tuple[str, Action], type[ChatError] | None]:
    """Return the table of an open room, changed as the state changes it."""
    table = cells(OPEN_TABLES[kind])
    for name, action in table:
        match state:
            case RoomState.DELETED:
                table[name, action] = NotFound
            case RoomState.READ_ONLY if action in WRITING and name in INSIDE - HOSTS:
                table[name, action] = RoomReadOnly
            case RoomState.SCHEDULED | RoomState.CLOSED if action in WRITING and name in INSIDE:
                table[name, action] = RoomNotOpen
            case RoomState.CLOSED if action is Action.JOIN and name in {"charlie", "invited"}:
                if table[name, action] is not NotFound:
                    table[name, action] = RoomNotOpen
    return table


@pytest.mark.parametrize("state", RoomState)
@pytest.mark.parametrize("kind", RoomKind)
def test_everybody_may_do_exactly_what_the_table_says(kind: RoomKind, state: RoomState) -> None:
    decided = {
        (name, action): may(actor, action, room=Room(kind, state), now=NOW).refusal
        for name, actor in ACTORS.items()
        for action in Action
    }

    assert decided == expected(kind, state)


def test_a_guest_room_is_a_private_room_to_those_outside() -> None:
    assert may(CHARLIE, Action.SEE, room=Room(RoomKind.GUEST, RoomState.OPEN), now=NOW).rule == (
        "hidden_room"
    )


@pytest.mark.parametrize("action", Action)
def test_every_action_says_which_role_it_wants(action: Action) -> None:
    room = Room(RoomKind.PRIVATE, RoomState.OPEN)

    assert may(BOB, action, room=room, now=NOW).needed in RoomRole
