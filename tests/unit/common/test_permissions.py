"""Sanctions, rank between people, the order of the rules and what must always hold."""

from math import inf

import pytest

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Conflict, Forbidden, NotFound
from libs.common.permissions.case import RANK, Action, Actor, Room, Target
from libs.common.permissions.decide import LastOwner, check_owner_kept, may
from libs.common.permissions.rules import RULES, Muted
from tests.unit.common.people import (
    ADMIN,
    ALICE,
    BOB,
    CHARLIE,
    GUEST,
    SYSTEM_ADMIN,
    SYSTEM_OWNER,
    target,
    user,
)

NOW = 1_700_000_000.0
PRIVATE = Room(RoomKind.PRIVATE, RoomState.OPEN)
PUBLIC = Room(RoomKind.PUBLIC, RoomState.OPEN)
GUESTS = Room(RoomKind.GUEST, RoomState.OPEN)

A_MEMBER = target(RoomRole.MEMBER)
AN_ADMIN = target(RoomRole.ADMIN)
AN_OWNER = target(RoomRole.OWNER)


def rule(actor: Actor, action: Action, on: Target | None = None, *, room: Room = PRIVATE) -> str:
    return may(actor, action, room=room, now=NOW, target=on).rule


# Explanations


def test_a_decision_names_its_rule_and_the_roles_in_question() -> None:
    decision = may(BOB, Action.DELETE_ROOM, room=PRIVATE, now=NOW)

    assert decision.rule == "role_too_low"
    assert decision.because == "This needs a higher role in the room."
    assert (decision.role, decision.needed) == (RoomRole.MEMBER, RoomRole.OWNER)


def test_a_permission_is_explained_too() -> None:
    assert rule(SYSTEM_ADMIN, Action.POST) == "role"
    assert may(SYSTEM_ADMIN, Action.POST, room=PRIVATE, now=NOW).role is RoomRole.ADMIN
    assert rule(CHARLIE, Action.READ, room=PUBLIC) == "visible_from_outside"


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]

    assert len(set(names)) == len(names)


def test_require_raises_the_refusal() -> None:
    may(BOB, Action.POST, room=PRIVATE, now=NOW).require()

    with pytest.raises(NotFound):
        may(CHARLIE, Action.POST, room=PRIVATE, now=NOW).require()


# Sanctions


def test_a_banned_person_hears_of_it_only_where_everybody_knows_the_room() -> None:
    banned = user(None, is_banned=True, is_invited=True)

    assert may(banned, Action.SEE, room=PUBLIC, now=NOW).refusal is Forbidden
    assert may(banned, Action.JOIN, room=PRIVATE, now=NOW).refusal is NotFound


def test_a_ban_is_stronger_than_a_membership() -> None:
    banned = user(RoomRole.OWNER, is_banned=True)

    assert not any(may(banned, action, room=PRIVATE, now=NOW).is_allowed for action in Action)


@pytest.mark.parametrize("action", [Action.POST, Action.REACT, Action.EDIT_OWN])
def test_a_muted_member_does_not_write_and_hears_until_when(action: Action) -> None:
    muted = user(RoomRole.MEMBER, muted_until=NOW + 60)

    with pytest.raises(Muted) as refusal:
        may(muted, action, room=PRIVATE, now=NOW).require()

    assert refusal.value.until == "2023-11-14T22:14:20.000Z"


def test_a_mute_for_ever_says_no_time() -> None:
    muted = user(RoomRole.MEMBER, muted_until=inf)

    with pytest.raises(Muted) as refusal:
        may(muted, Action.POST, room=PRIVATE, now=NOW).require()

    assert refusal.value.until is None


def test_a_mute_ends_by_itself() -> None:
    muted = user(RoomRole.MEMBER, muted_until=NOW)

    assert may(muted, Action.POST, room=PRIVATE, now=NOW).is_allowed


@pytest.mark.parametrize("action", [Action.READ, Action.DELETE_OWN, Action.LEAVE])
def test_a_muted_member_still_reads_deletes_and_leaves(action: Action) -> None:
    muted = user(RoomRole.MEMBER, muted_until=inf)

    assert may(muted, action, room=PRIVATE, now=NOW).is_allowed


@pytest.mark.parametrize("system_role", [SystemRole.ADMIN, SystemRole.OWNER])
def test_no_room_locks_out_those_who_look_after_the_system(system_role: SystemRole) -> None:
    sanctioned = user(None, system_role=system_role, is_banned=True, muted_until=inf)

    assert may(sanctioned, Action.POST, room=PRIVATE, now=NOW).is_allowed


@pytest.mark.parametrize("state", [RoomState.READ_ONLY, RoomState.CLOSED, RoomState.SCHEDULED])
def test_ones_own_words_can_always_be_taken_back(state: RoomState) -> None:
    assert may(BOB, Action.DELETE_OWN, room=Room(RoomKind.PRIVATE, state), now=NOW).is_allowed


# Rank

ON_LOWER = [Action.REMOVE_MEMBER, Action.MUTE, Action.BAN, Action.CHANGE_ROLE]


@pytest.mark.parametrize("action", ON_LOWER)
@pytest.mark.parametrize(
    ("actor", "on"),
    [
        (ALICE, A_MEMBER),
        (ALICE, AN_ADMIN),
        (ADMIN, A_MEMBER),
        (ADMIN, target(RoomRole.GUEST, kind=PersonKind.GUEST)),
        (SYSTEM_ADMIN, AN_ADMIN),
        (SYSTEM_OWNER, AN_OWNER),
        (SYSTEM_OWNER, target(RoomRole.OWNER, system_role=SystemRole.ADMIN)),
        (ALICE, target(RoomRole.MEMBER, system_role=SystemRole.ADMIN)),
    ],
)
def test_who_stands_higher_may(action: Action, actor: Actor, on: Target) -> None:
    assert rule(actor, action, on) == "role"


@pytest.mark.parametrize("action", ON_LOWER)
@pytest.mark.parametrize(
    ("actor", "on"),
    [
        (ALICE, AN_OWNER),
        (ADMIN, AN_ADMIN),
        (ADMIN, AN_OWNER),
        (SYSTEM_ADMIN, AN_OWNER),
        (ADMIN, target(RoomRole.MEMBER, system_role=SystemRole.ADMIN)),
        (ALICE, target(RoomRole.MEMBER, system_role=SystemRole.OWNER)),
        (SYSTEM_OWNER, target(RoomRole.OWNER, system_role=SystemRole.OWNER)),
    ],
)
def test_equals_and_higher_are_out_of_reach(action: Action, actor: Actor, on: Target) -> None:
    assert rule(actor, action, on) == "equal_or_higher"


@pytest.mark.parametrize("action", [Action.REMOVE_MEMBER, Action.MUTE, Action.BAN, Action.TRANSFER])
def test_nobody_does_it_to_oneself(action: Action) -> None:
    assert rule(ALICE, action, target(RoomRole.OWNER, is_self=True)) == "not_on_oneself"


@pytest.mark.parametrize(
    "action", [Action.REMOVE_MEMBER, Action.CHANGE_ROLE, Action.MUTE, Action.TRANSFER]
)
def test_who_is_not_in_cannot_be_acted_on(action: Action) -> None:
    assert may(ALICE, action, room=PRIVATE, now=NOW, target=target(None)).refusal is NotFound


def test_somebody_may_be_banned_before_coming_in() -> None:
    assert rule(ADMIN, Action.BAN, target(None)) == "role"


# Giving roles


def becoming(new_role: RoomRole, role: RoomRole | None = RoomRole.MEMBER) -> Target:
    return target(role, new_role=new_role)


@pytest.mark.parametrize("new_role", [RoomRole.ADMIN, RoomRole.OWNER])
def test_only_owners_give_roles_as_high_as_their_own(new_role: RoomRole) -> None:
    assert rule(ALICE, Action.CHANGE_ROLE, becoming(new_role)) == "role"
    assert rule(SYSTEM_OWNER, Action.CHANGE_ROLE, becoming(new_role)) == "role"
    assert rule(ADMIN, Action.CHANGE_ROLE, becoming(new_role)) == "gives_too_much"
    assert rule(SYSTEM_ADMIN, Action.CHANGE_ROLE, becoming(new_role)) == "gives_too_much"


@pytest.mark.parametrize("action", [Action.ADD_MEMBER, Action.INVITE])
def test_an_admin_brings_in_members_and_no_admins(action: Action) -> None:
    assert rule(ADMIN, action, becoming(RoomRole.MEMBER, None)) == "role"
    assert rule(ADMIN, action, becoming(RoomRole.ADMIN, None)) == "gives_too_much"


@pytest.mark.parametrize("actor", [ADMIN, ALICE, SYSTEM_ADMIN, SYSTEM_OWNER])
@pytest.mark.parametrize("new_role", [RoomRole.ADMIN, RoomRole.OWNER])
def test_nobody_promotes_oneself(actor: Actor, new_role: RoomRole) -> None:
    role = actor.role or RoomRole.MEMBER
    oneself = target(role, system_role=actor.system_role, is_self=True, new_role=new_role)

    if RANK[new_role] >= RANK[role]:
        assert not may(actor, Action.CHANGE_ROLE, room=PRIVATE, now=NOW, target=oneself).is_allowed


def test_everybody_may_step_down() -> None:
    down = target(RoomRole.OWNER, is_self=True, new_role=RoomRole.MEMBER)

    assert rule(ALICE, Action.CHANGE_ROLE, down) == "steps_down"


@pytest.mark.parametrize("new_role", [RoomRole.MEMBER, RoomRole.ADMIN, RoomRole.OWNER])
def test_a_guest_stays_a_guest(new_role: RoomRole) -> None:
    guest = target(RoomRole.GUEST, kind=PersonKind.GUEST, new_role=new_role)

    assert rule(ALICE, Action.CHANGE_ROLE, guest, room=GUESTS) == "guests_stay_guests"


def test_a_room_is_not_handed_to_a_guest() -> None:
    guest = target(RoomRole.GUEST, kind=PersonKind.GUEST)

    assert rule(ALICE, Action.TRANSFER, guest, room=GUESTS) == "guests_stay_guests"


def test_a_room_is_handed_to_any_other_member() -> None:
    assert rule(ALICE, Action.TRANSFER, A_MEMBER) == "role"


@pytest.mark.parametrize("new_role", [None, RoomRole.ADMIN, RoomRole.MEMBER, RoomRole.GUEST])
def test_the_last_owner_stays(new_role: RoomRole | None) -> None:
    with pytest.raises(LastOwner) as refusal:
        check_owner_kept(role=RoomRole.OWNER, new_role=new_role, owner_count=1)

    assert isinstance(refusal.value, Conflict)


def test_one_of_two_owners_may_go_and_so_may_every_other_role() -> None:
    check_owner_kept(role=RoomRole.OWNER, new_role=None, owner_count=2)
    check_owner_kept(role=RoomRole.OWNER, new_role=RoomRole.OWNER, owner_count=1)
    check_owner_kept(role=RoomRole.ADMIN, new_role=None, owner_count=1)


def test_a_guest_keeps_to_the_room_that_let_them_in() -> None:
    assert rule(GUEST, Action.POST, room=GUESTS) == "role"
    assert rule(user(None, kind=PersonKind.GUEST), Action.READ, room=PUBLIC) == "hidden_room"


ROBOT = user(None, kind=PersonKind.BOT)


@pytest.mark.parametrize("kind", RoomKind)
@pytest.mark.parametrize("action", [Action.SEE, Action.READ, Action.JOIN, Action.POST])
def test_a_bot_knows_of_no_room_that_nobody_took_it_into(kind: RoomKind, action: Action) -> None:
    decision = may(ROBOT, action, room=Room(kind, RoomState.OPEN), now=NOW)

    assert (decision.rule, decision.refusal) == ("hidden_room", NotFound)


@pytest.mark.parametrize("actor", [ALICE, ADMIN])
def test_a_bot_is_brought_into_a_public_room_as_people_are_not(actor: Actor) -> None:
    room = Room(RoomKind.PUBLIC, RoomState.OPEN)
    robot = target(None, kind=PersonKind.BOT, new_role=RoomRole.MEMBER)
    charlie = target(None, new_role=RoomRole.MEMBER)

    assert may(actor, Action.ADD_MEMBER, room=room, now=NOW, target=robot).is_allowed
    refused = may(actor, Action.ADD_MEMBER, room=room, now=NOW, target=charlie)
    assert refused.rule == "public_is_joined"


@pytest.mark.parametrize(
    ("action", "new_role"),
    [
        (Action.TRANSFER, None),
        (Action.CHANGE_ROLE, RoomRole.OWNER),
        (Action.ADD_MEMBER, RoomRole.OWNER),
    ],
)
def test_a_room_belongs_to_no_bot(action: Action, new_role: RoomRole | None) -> None:
    role = None if action is Action.ADD_MEMBER else RoomRole.MEMBER
    robot = target(role, kind=PersonKind.BOT, new_role=new_role)

    decision = may(
        ALICE, action, room=Room(RoomKind.PRIVATE, RoomState.OPEN), now=NOW, target=robot
    )

    assert decision.rule == "bots_own_nothing"
