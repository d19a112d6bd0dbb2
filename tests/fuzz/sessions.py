"""The core of a session: a line is a frame, or `!` and what else happens to it.

!t7  7 s pass    !a  admitted    !d  denied    !r  renewed    !l  sent away    !c  ended
!x   the oldest command that waits is answered
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from libs.common.errors import Unavailable
from services.gateway.core import effects
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Session
from services.gateway.frames.reading import BadFrame, read_frame
from tests.unit.gateway.speaking import NOW, bearer, new_session, standing

IN_FLIGHT: Final = 4
ROOMS: Final = 3


def run(data: bytes) -> None:
    life = _Life()
    for line in data.split(b"\n"):
        life.live(line)


class _Life:
    def __init__(self) -> None:
        self.now = NOW
        self.session: Session = new_session(in_flight=IN_FLIGHT, rooms_attached=ROOMS)
        self.waiting: Counter[str] = Counter()
        self.admits = 0
        self.renewals: list[str] = []
        self.is_over = False

    def live(self, line: bytes) -> None:
        if self.is_over:
            assert self.session.hear(line, self.now) == []
            assert self.session.tick(self.now) == []
        elif line.startswith(b"!"):
            self.happen(line[1:2], line[2:])
        elif self.session.is_reading:
            ref = _ref_of(line)
            if ref is not None and len(line) <= 64 * 1024:
                self.waiting[ref] += 1
            self.take(self.session.hear(line, self.now))
        self.check()

    def happen(self, what: bytes, more: bytes) -> None:
        session, pending = self.session, self.session.duties.pending
        if what == b"t":
            self.now += int(more[:3]) if more[:3].isdigit() else 1
            self.take(session.tick(self.now))
            assert self.is_over or session.due_at > self.now
        elif what == b"a" and self.admits:
            self.admits -= 1
            self.take(session.admit(bearer(), [standing()], self.now, presence_state="online"))
        elif what == b"d" and self.admits:
            self.admits -= 1
            self.take(session.deny(Unavailable()))
        elif what == b"r" and self.renewals and self.renewals[-1] in pending:
            self.take(session.renew(bearer(), self.renewals.pop()))
        elif what == b"x":
            for ref in list(+self.waiting)[:1]:
                self.take(session.refuse(ref, Unavailable()))
        elif what == b"l":
            self.take(session.leave("drain", after_s=1, now=self.now))
        elif what == b"c":
            self.take(session.close(CloseCode.OUR_FAULT))

    def take(self, wanted: Sequence[effects.Effect]) -> None:
        for effect in wanted:
            assert not self.is_over, effect
            match effect:
                case effects.Tell(frame=frame) if frame.ref is not None:
                    self.answered(frame.ref)
                case effects.TellTime(ref=ref) if ref is not None:
                    self.answered(ref)
                case effects.Admit():
                    self.admits += 1
                case effects.Renew(ref=ref):
                    self.renewals.append(ref)
                case effects.Close():
                    self.is_over = True
                case _:
                    pass

    def answered(self, ref: str) -> None:
        self.waiting[ref] -= 1
        assert self.waiting[ref] >= 0, ref

    def check(self) -> None:
        duties = self.session.duties
        assert len(duties.pending) <= IN_FLIGHT
        assert len(duties.places.rooms()) <= ROOMS
        assert self.admits <= 1
        if not self.is_over and not self.admits:
            assert all(ref in duties.pending for ref in +self.waiting), self.waiting


def _ref_of(line: bytes) -> str | None:
    try:
        return read_frame(line).ref
    except BadFrame as bad:
        return bad.ref
