"""What must hold for everybody, everywhere, whatever the tables say."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import NotFound
from libs.common.permissions.case import RANK, SYSTEM_RANK, Action, Actor, Room, Target
from libs.common.permissions.decide import may
from tests.unit.common.people import user

NOW = 1_700_000_000.0

roles = st.sampled_from([None, *RoomRole])
actors = st.builds(
    Actor,
    kind=st.sampled_from([PersonKind.USER, PersonKind.BOT, PersonKind.GUEST]),
    system_role=st.sampled_from(SystemRole),
    role=roles,
    is_banned=st.booleans(),
    is_invited=st.booleans(),
    muted_until=st.sampled_from([None, NOW - 1, NOW + 1, inf]),
)
targets = st.none() | st.builds(
    Target,
    kind=st.sampled_from([PersonKind.USER, PersonKind.BOT, PersonKind.GUEST]),
    system_role=st.sampled_from(SystemRole),
    role=roles,
    is_self=st.just(value=False),
    new_role=roles,
)
rooms = st.builds(Room, st.sampled_from(RoomKind), st.sampled_from(RoomState))
actions = st.sampled_from(Action)


def is_allowed(actor: Actor, action: Action, room: Room, on: Target | None) -> bool:
    return may(actor, action, room=room, now=NOW, target=on).is_allowed


def changed(actor: Actor, **changes: object) -> Actor:
    fields = {name: getattr(actor, name) for name in Actor.__struct_fields__}
    return Actor(**(fields | changes))


@given(actors, actions, rooms, targets, roles, st.sampled_from(SystemRole))
def test_nobody_gains_anything_by_losing_a_role(
    actor: Actor,
    action: Action,
    room: Room,
    on: Target | None,
    role: RoomRole | None,
    system_role: SystemRole,
) -> None:
    lower = changed(
        actor,
        role=min(role, actor.role, key=RANK.__getitem__),
        system_role=min(system_role, actor.system_role, key=SYSTEM_RANK.__getitem__),
    )

    if is_allowed(lower, action, room, on):
        assert is_allowed(actor, action, room, on)


@given(actors, actions, rooms, targets)
def test_nobody_gains_anything_by_a_sanction(
    actor: Actor, action: Action, room: Room, on: Target | None
) -> None:
    forgiven = changed(actor, is_banned=False, muted_until=None)

    if is_allowed(actor, action, room, on):
        assert is_allowed(forgiven, action, room, on)


@given(actions, rooms, targets, st.booleans(), st.sampled_from([None, inf]))
def test_outsiders_never_learn_of_a_hidden_room(
    action: Action, room: Room, on: Target | None, is_banned: bool, muted_until: float | None
) -> None:
    outsider = user(None, is_banned=is_banned, muted_until=muted_until)

    if room.kind is not RoomKind.PUBLIC:
        assert may(outsider, action, room=room, now=NOW, target=on).refusal is NotFound


@given(actors, actions, rooms, targets)
def test_a_decision_is_the_same_every_time_and_says_why(
    actor: Actor, action: Action, room: Room, on: Target | None
) -> None:
    decision = may(actor, action, room=room, now=NOW, target=on)

    assert decision == may(actor, action, room=room, now=NOW, target=on)
    assert decision.is_allowed is (decision.refusal is None)
    assert decision.because.endswith(".")


@given(actors, actions, rooms, targets)
def test_nobody_writes_in_anothers_name(
    actor: Actor, action: Action, room: Room, on: Target | None
) -> None:
    if action is Action.EDIT_OTHERS:
        assert not is_allowed(actor, action, room, on)
