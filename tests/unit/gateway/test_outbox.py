"""What waits for a client: in order, bounded, given up in the right order."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from services.gateway.core.outbox import Outbox, StateKey, text_frame
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY, Counted

BOUNDS = {"max_frames": 4, "max_bytes": 100, "max_states": 3}


def outbox(wanted: Counted | None = None, **bounds: int) -> Outbox:
    return Outbox(**BOUNDS | bounds, on_wanted=wanted or Counted())


def typing(person: UUID = ALICE.id, room: UUID = LOBBY) -> StateKey:
    return ("typing", room, person)


def presence(person: UUID = ALICE.id) -> StateKey:
    return ("presence", person, person)


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_is_the_same_as_the_librarys(size: int) -> None:
    payload = b"x" * size

    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_frames_leave_as_one_piece_in_order() -> None:
    box = outbox()
    box.put(b"a")
    box.put(b"b")

    assert box.take() == b"ab"
    assert (len(box), box.take(), box.taken) == (0, b"", 2)


def test_only_the_first_frame_asks_for_a_flush() -> None:
    wanted = Counted()
    box = outbox(wanted)

    box.put(b"a")
    box.put_state(presence(), b"p")
    box.put(b"b")
    assert wanted.calls == 1

    box.take()
    box.put_typing(typing(), b"t")
    assert wanted.calls == 2


def test_of_a_state_only_the_newest_is_kept() -> None:
    box = outbox()
    box.put_state(presence(), b"away")
    box.put_state(presence(BOB.id), b"bob")
    box.put_state(presence(), b"here")

    assert box.take() == b"bobhere"
    assert box.waiting_bytes == 0


def test_typing_goes_first_when_there_is_no_room() -> None:
    box = outbox()
    for frame in (b"1", b"2", b"3"):
        box.put(frame)
    box.put_typing(typing(), b"t")

    box.put(b"4")

    assert box.take() == b"1234"


def test_a_state_is_never_given_up_for_frames() -> None:
    box = outbox()
    box.put_state(presence(), b"p")

    for frame in (b"1", b"2", b"3", b"4"):
        box.put(frame)

    assert box.take() == b"1234p"
    assert not box.is_over


def test_a_frame_that_must_arrive_is_never_dropped_alone() -> None:
    wanted = Counted()
    box = outbox(wanted)
    for frame in (b"1", b"2", b"3", b"4", b"5"):
        box.put(frame)

    assert box.is_over
    assert box.take() == b""
    assert wanted.calls == 2


def test_bytes_are_bounded_too() -> None:
    box = outbox()
    box.put(b"x" * 50)
    box.put_typing(typing(), b"t" * 30)
    box.put_state(presence(), b"p" * 10)

    box.put(b"y" * 40)
    assert box.take() == b"x" * 50 + b"y" * 40 + b"p" * 10

    box.put(b"z" * 101)
    assert box.is_over


def test_states_have_a_bound_of_their_own() -> None:
    wanted = Counted()
    box = outbox(wanted)
    for number in range(4):
        box.put_state(presence(UUID(int=number)), b"p")

    assert box.is_over
    assert (box.take(), wanted.calls) == (b"", 2)


def test_a_newer_state_takes_no_more_room() -> None:
    box = outbox()
    for number in (0, 1, 2, 0):
        box.put_state(presence(UUID(int=number)), b"p")

    assert box.take() == b"ppp"


def test_so_many_that_type_are_given_up() -> None:
    box = outbox()
    for number in range(5):
        box.put_typing(typing(UUID(int=number)), b"t")

    assert box.take() == b""
    assert not box.is_over


def test_a_closed_outbox_takes_nothing() -> None:
    wanted = Counted()
    box = outbox(wanted)
    box.close()

    box.put(b"a")
    box.put_state(presence(), b"p")

    assert (box.take(), len(box), wanted.calls) == (b"", 0, 0)


def test_states_of_a_lost_room_are_forgotten() -> None:
    box = outbox()
    box.put_typing(typing(), b"lobby")
    box.put_typing(typing(room=ATTIC), b"attic")
    box.put_state(("receipt", LOBBY, BOB.id), b"read")

    box.forget_room(LOBBY)

    assert box.waiting_bytes == len(b"attic")
    assert box.take() == b"attic"


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "state", "typing", "take"]), st.integers(0, 3), st.integers(1, 30)
    ),
    max_size=60,
)


@given(STEPS)
def test_who_is_not_cut_off_has_the_newest_of_every_state(steps: list[Step]) -> None:
    box, newest, taken = outbox(), dict[int, bytes](), b""
    for at, (what, number, _) in enumerate(steps):
        match what:
            case "put":
                box.put(b"f")
            case "state":
                newest[number] = b"<%d=%d>" % (number, at)
                box.put_state(("state", LOBBY, UUID(int=number)), newest[number])
            case "typing":
                box.put_typing(("typing", LOBBY, UUID(int=number)), b"t")
            case _:
                taken += box.take()
    taken += box.take()

    if not box.is_over:
        for number, frame in newest.items():
            assert taken[taken.rindex(b"<%d=" % number) :].startswith(frame)


@given(STEPS)
def test_it_never_holds_more_than_its_bounds(steps: list[Step]) -> None:
    box = outbox()
    for what, number, size in steps:
        key = ("state", LOBBY, UUID(int=number))
        match what:
            case "put":
                box.put(b"f" * size)
            case "state":
                box.put_state(key, b"s" * size)
            case "typing":
                box.put_typing(key, b"t" * size)
            case _:
                held = box.waiting_bytes
                assert len(box.take()) == held
        assert len(box) <= BOUNDS["max_frames"] + BOUNDS["max_states"]
        assert box.waiting_bytes <= BOUNDS["max_bytes"]
