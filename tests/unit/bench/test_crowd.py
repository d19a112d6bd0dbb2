"""The people of a benchmark, with a test in the gateway's place."""

import json
import socket
from collections.abc import Iterator

import pytest
from websockets.frames import Frame, Opcode

from tests.bench.crowd import Crowd, Person, Seat, clock, talk_at_a_pace, talk_without_pause
from tests.bench.frames import PONG, masked
from tests.bench.tally import Tally

ROOM = "0190a1b2-0000-7000-8000-000000000001"

SHORTLY_S = 0.01

Ends = list[socket.socket]


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Tally(first=0, others=1))


@pytest.fixture
def ends(crowd: Crowd) -> Iterator[Ends]:
    """The gateway's ends of Alice's and Bob's sockets."""
    pairs = [socket.socketpair() for _ in range(2)]
    for near, _ in pairs:
        crowd.add(near, Seat("token", ROOM, 0))
    yield [far for _, far in pairs]
    for pair in pairs:
        for one in pair:
            one.close()


def served(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    return Frame(opcode, payload, True).serialize(mask=False)


ERROR = served(b'{"ref":"000000000","type":"error"}')


def message(number: int) -> bytes:
    shown = {"content": "x", "client_msg_id": f"{number:09d}"}
    return served(json.dumps({"type": "message", "data": shown}, separators=(",", ":")).encode())


def ack(number: int) -> bytes:
    return served(f'{{"ts":"","ref":"{number:09d}","type":"ack"}}'.encode())


def test_frames_of_one_read_are_all_heard(crowd: Crowd, ends: Ends) -> None:
    alice, bob = ends
    crowd.say(crowd.people[0], clock())
    alice.sendall(ack(0) + message(0))
    bob.sendall(message(0))

    crowd.listen(0.0)

    assert crowd.tally.is_complete
    assert len(crowd.tally.heard_s) == 1


def test_a_frame_that_comes_in_two_reads_is_heard_once(crowd: Crowd, ends: Ends) -> None:
    _, bob = ends
    crowd.say(crowd.people[0], clock())

    for part in (message(0)[:20], message(0)[20:]):
        bob.sendall(part)
        crowd.listen(0.0)

    assert len(crowd.tally.heard_s) == 1


def test_a_ping_is_answered(crowd: Crowd, ends: Ends) -> None:
    ends[0].sendall(served(b"still there?", Opcode.PING))

    crowd.listen(0.0)

    assert ends[0].recv(100) == masked(b"still there?", PONG)


def test_a_close_ends_the_benchmark(crowd: Crowd, ends: Ends) -> None:
    ends[0].sendall(served(b"\x10\x00", Opcode.CLOSE))

    with pytest.raises(ConnectionError):
        crowd.listen(0.0)


def test_an_error_is_kept(crowd: Crowd, ends: Ends) -> None:
    ends[0].sendall(ERROR)

    crowd.listen(0.0)

    assert crowd.tally.outcome().error_count == 1


def test_at_a_pace_everybody_says_as_much(crowd: Crowd, ends: Ends) -> None:
    talk_at_a_pace(crowd, per_s=1000.0, seconds=SHORTLY_S, seed=1)

    frames = [one.recv(10_000) for one in ends]
    assert len(crowd.tally.due_at) == 10
    assert len(frames[0]) == len(frames[1])


def test_at_a_pace_messages_are_due_at_even_times(crowd: Crowd, ends: Ends) -> None:
    talk_at_a_pace(crowd, per_s=1000.0, seconds=0.005, seed=1)

    first, *others = crowd.tally.due_at
    assert [due - first for due in others] == pytest.approx([0.001, 0.002, 0.003, 0.004])
    assert min(crowd.tally.late_s) >= 0.0


def test_without_pause_a_refusal_too_brings_the_next_message(crowd: Crowd, ends: Ends) -> None:
    alice, bob = ends
    alice.sendall(ERROR)

    talk_without_pause(crowd, in_flight=1, seconds=SHORTLY_S)

    assert [one.recv(10_000).count(b"send_message") for one in (alice, bob)] == [2, 1]


def test_the_first_answer_to_a_message_is_told(crowd: Crowd, ends: Ends) -> None:
    told: list[Person] = []
    crowd.on_answer = told.append
    crowd.say(crowd.people[0], clock())
    ends[0].sendall(ack(0) + ack(0))

    crowd.listen(0.0)

    assert told == crowd.people[:1]
