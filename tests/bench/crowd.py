"""A thousand people on as many sockets, in one thread that does nothing else.

It runs on the machine that it measures, so it must cost little: plain sockets that do not block,
one epoll, frames that are ready but for their number, answers that are searched and never parsed.
"""

import random
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.bench.frames import (
    ACK,
    CLOSE,
    ERROR,
    ID,
    MESSAGE,
    PING,
    PONG,
    REF,
    BrokenFrame,
    Sentence,
    cut,
    masked,
    number_after,
)
from tests.bench.tally import Tally

HANDSHAKE: Final = (
    "GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
AUTH: Final = '{{"type":"auth","ref":"auth","data":{{"token":"{token}"}}}}'
JOIN: Final = '{{"type":"join_room","ref":"join","data":{{"room_id":"{room_id}"}}}}'
JOINED: Final = b'"type":"room_joined"'

CONTENT: Final = "x" * 200
ENTER_TIMEOUT_S: Final = 20.0
ENTER_AT_ONCE: Final = 50
READ_BYTES: Final = 16_384
SOCKETS_A_LOOK: Final = 32
"""Who has more to hear than to say still says it in time."""

HOLD_BACK_S: Final = 0.1
ERROR_CHARS: Final = 200

clock: Final = time.perf_counter


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person sits: their token, their room, and the port of their gateway."""

    token: str
    room_id: str
    port: int


@dataclass(slots=True)
class Person:
    """One person's socket."""

    place: int
    socket: socket.socket
    seat: Seat
    sentence: Sentence
    rest: bytes = b""
    is_in: bool = False
    is_refused: bool = False


@dataclass(slots=True)
class Crowd:
    """Everybody, and the talk that is going on."""

    tally: Tally
    people: list[Person] = field(default_factory=list)
    by_socket: dict[int, Person] = field(default_factory=dict)
    epoll: select.epoll = field(default_factory=select.epoll)
    on_answer: Callable[[Person], None] | None = None
    """Called when somebody's message was answered for the first time."""

    def enter(self, seats: Sequence[Seat]) -> None:
        """Connect everybody and let them join their rooms, some at a time."""
        for first in range(0, len(seats), ENTER_AT_ONCE):
            entering = [self._connect(seat) for seat in seats[first : first + ENTER_AT_ONCE]]
            give_up_at = clock() + ENTER_TIMEOUT_S
            while not all(person.is_in for person in entering):
                self.listen(clock() + HOLD_BACK_S)
                if clock() > give_up_at:
                    raise TimeoutError(f"some could not join their rooms: {self.tally.errors}")
                self._knock_again(entering)

    def say(self, person: Person, due: float) -> None:
        """Send one message that was to be sent at `due`."""
        number = self.tally.send(person.place, due=due, now=clock())
        self._send(person, person.sentence.numbered(number))

    def listen(self, until: float) -> None:
        """Hear what comes; look at least once."""
        while True:
            # An epoll waits for whole milliseconds; a select on it for microseconds.
            if (pause := until - clock()) > 0:
                select.select([self.epoll], [], [], pause)
            for number, _ in self.epoll.poll(0, SOCKETS_A_LOOK):
                self._hear(self.by_socket[number])
            if clock() >= until:
                return

    def add(self, its: socket.socket, seat: Seat, *, rest: bytes = b"") -> Person:
        """Take in a person whose socket is open; `rest` was read from it and belongs to frames."""
        its.setblocking(False)
        person = Person(len(self.people), its, seat, Sentence.of(seat.room_id, CONTENT), rest)
        self.people.append(person)
        self.by_socket[its.fileno()] = person
        self.epoll.register(its.fileno(), select.EPOLLIN)
        return person

    def _connect(self, seat: Seat) -> Person:
        its, rest = shaken_hands(seat.port)
        person = self.add(its, seat, rest=rest)
        self._send(person, masked(AUTH.format(token=seat.token).encode()))
        self._knock(person)
        return person

    def _knock(self, person: Person) -> None:
        self._send(person, masked(JOIN.format(room_id=person.seat.room_id).encode()))

    def _knock_again(self, entering: Sequence[Person]) -> None:
        """Repeat what was refused: on a machine that is busy somebody may know of a join late."""
        for person in entering:
            if person.is_refused:
                person.is_refused = False
                self._knock(person)

    def _hear(self, person: Person) -> None:
        data = person.socket.recv(READ_BYTES)
        now = clock()
        if not data:
            raise ConnectionError("a gateway closed a socket")
        if person.rest:
            data = person.rest + data
        found, rest_at = cut(data)
        person.rest = data[rest_at:] if rest_at < len(data) else b""
        for opcode, start, end in found:
            if data.startswith(MESSAGE, start):
                self.tally.hear(number_after(ID, data, start, end), person.place, now)
            elif opcode >= CLOSE:
                self._control(person, opcode, data[start:end])
            else:
                self._read(person, data, start, end, now)

    def _read(self, person: Person, data: bytes, start: int, end: int, now: float) -> None:
        """Take what is no message: mostly an answer."""
        if data.find(ACK, start, end) >= 0:
            if self.tally.ack(number_after(REF, data, start, end), now) and self.on_answer:
                self.on_answer(person)
        elif data.find(JOINED, start, end) >= 0:
            person.is_in = True
        elif data.find(ERROR, start, end) >= 0:
            self.tally.fail(data[start:end].decode()[:ERROR_CHARS])
            person.is_refused = not person.is_in
            if self.on_answer:
                self.on_answer(person)

    def _control(self, person: Person, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._send(person, masked(payload, PONG))
        elif opcode == CLOSE:
            raise ConnectionError(f"a gateway closed a socket: {payload!r}")

    def _send(self, person: Person, data: bytes) -> None:
        if person.socket.send(data) != len(data):
            raise BrokenFrame("a gateway takes nothing, though little is sent")


def shaken_hands(port: int) -> tuple[socket.socket, bytes]:
    """Return a WebSocket of a gateway, and what came on it already."""
    its = socket.create_connection(("127.0.0.1", port), timeout=ENTER_TIMEOUT_S)
    its.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    its.sendall(HANDSHAKE.format(port=port).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        if not (part := its.recv(READ_BYTES)):
            raise ConnectionError("a gateway refused a socket")
        head += part
    if not head.startswith(b"HTTP/1.1 101"):
        raise ConnectionError(head.decode(errors="replace"))
    return its, head.partition(b"\r\n\r\n")[2]


def talk_at_a_pace(crowd: Crowd, *, per_s: float, seconds: float, seed: int) -> None:
    """Let somebody else say something at each even step of time."""
    order = random.Random(seed).sample(crowd.people, len(crowd.people))
    began = clock()
    for count in range(int(per_s * seconds)):
        due = began + count / per_s
        crowd.listen(due)
        crowd.say(order[count % len(order)], due)
    crowd.listen(began + seconds)


def talk_without_pause(crowd: Crowd, *, in_flight: int, seconds: float) -> None:
    """Let everybody have so many messages on their way at any time."""
    until = clock() + seconds

    def again(person: Person) -> None:
        if (now := clock()) < until:
            crowd.say(person, now)

    crowd.on_answer = again
    for _ in range(in_flight):
        for person in crowd.people:
            crowd.listen(0.0)
            crowd.say(person, clock())
    crowd.listen(until)
    crowd.on_answer = None


def hear_the_rest(crowd: Crowd, *, at_most_s: float) -> None:
    """Listen until everybody has heard everything, or for so long."""
    until = clock() + at_most_s
    while not crowd.tally.is_complete and clock() < until:
        crowd.listen(min(until, clock() + HOLD_BACK_S))
