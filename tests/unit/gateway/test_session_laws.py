"""A session keeps its laws whatever is said, answered and forgotten, in whichever order."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from libs.common.contracts.internal import RoomStanding
from libs.common.errors import Unauthorized, Unavailable
from services.gateway.core import effects
from services.gateway.core.places import Place
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Phase, Session
from services.gateway.frames import heard
from services.gateway.frames.reading import BadFrame, read_frame
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY
from tests.unit.gateway.saying import frames, near_frames
from tests.unit.gateway.speaking import NOW, bearer, new_session, standing

IN_FLIGHT: Final = 4
REFS: Final = st.sampled_from(["a", "b", "c", "d"])
ROOMS: Final = st.sampled_from([LOBBY, ATTIC])


def ref_of(raw: bytes) -> str | None:
    """Return the ref that the answer to a frame has."""
    try:
        return read_frame(raw).ref
    except BadFrame as bad:
        return bad.ref


class SessionLaws(RuleBasedStateMachine):
    """`waiting` counts, for each ref, how many commands with it have no answer.

    Once a session is over nobody answers it: its connection ends what it has begun.
    """

    session: Session

    @initialize(is_known=st.booleans())
    def connect(self, is_known: bool) -> None:
        self.now = NOW
        self.session = new_session(in_flight=IN_FLIGHT, rooms_attached=2)
        self.waiting: Counter[str] = Counter()
        self.admits: list[effects.Admit] = []
        self.renewals: list[effects.Renew] = []
        self.is_over = False
        if is_known:
            self.take(self.session.present(bearer()))

    def hear(self, frame: Any) -> None:
        """Hand in a frame as a connection does: only if the session reads, and is not over."""
        if self.session.is_reading and not self.is_over:
            raw = json.dumps(frame).encode()
            ref = ref_of(raw)
            if ref is not None:
                self.waiting[ref] += 1
            self.take(self.session.hear(raw, self.now))

    @rule(frame=frames(), ref=REFS, room_id=ROOMS)
    def say(self, frame: Any, ref: str, room_id: Any) -> None:
        if "ref" in frame:
            frame["ref"] = ref
        if "room_id" in frame.get("data", {}):
            frame["data"]["room_id"] = str(room_id)
        self.hear(frame)

    @rule(frame=near_frames())
    def say_nonsense(self, frame: Any) -> None:
        self.hear(frame)

    @precondition(lambda self: self.admits and not self.is_over)
    @rule()
    def admit(self) -> None:
        self.admits.pop()
        standings: list[RoomStanding] = [standing()]
        self.take(self.session.admit(bearer(), standings, self.now, presence_state="online"))

    @precondition(lambda self: self.admits and not self.is_over)
    @rule(refusal=st.sampled_from([Unauthorized(), Unavailable()]))
    def deny(self, refusal: Unauthorized | Unavailable) -> None:
        self.admits.pop()
        self.take(self.session.deny(refusal))

    @precondition(lambda self: self.renewals and not self.is_over)
    @rule(person=st.sampled_from([ALICE, BOB]))
    def renew(self, person: Any) -> None:
        wanted = self.renewals.pop()
        if wanted.ref in self.session.duties.pending:
            self.take(self.session.renew(bearer(person), wanted.ref))

    @precondition(lambda self: not self.is_over)
    @rule(ref=REFS)
    def answer(self, ref: str) -> None:
        self.take(self.session.answer(heard.Acked(ref=ref)))

    @precondition(lambda self: not self.is_over)
    @rule(ref=REFS)
    def refuse(self, ref: str) -> None:
        self.take(self.session.refuse(ref, Unavailable()))

    @precondition(lambda self: not self.is_over)
    @rule()
    def lose_answers(self) -> None:
        self.take(self.session.duties.lose_answers())

    @rule(room_id=ROOMS, is_in=st.booleans())
    def finish_joining(self, room_id: Any, is_in: bool) -> None:
        places = self.session.duties.places
        if room_id in places.rooms():
            places.joined(room_id, Place.of(standing(room_id)) if is_in else None)

    @precondition(lambda self: not self.is_over)
    @rule(room_id=ROOMS)
    def lose_room(self, room_id: Any) -> None:
        self.take(self.session.lose_room(room_id, "removed", self.now))

    @precondition(lambda self: not self.is_over)
    @rule(after_s=st.floats(0, 30))
    def leave(self, after_s: float) -> None:
        self.take(self.session.leave("drain", after_s=after_s, now=self.now))

    @rule(passed_s=st.floats(0, 60))
    def tick(self, passed_s: float) -> None:
        self.now += passed_s
        self.session.watch.alive()
        self.take(self.session.tick(self.now))
        assert self.is_over or self.session.due_at > self.now

    @rule()
    def close(self) -> None:
        was_over = self.is_over
        ended = self.session.close(CloseCode.OUR_FAULT)
        assert not (was_over and ended)
        self.take(ended)

    @invariant()
    def what_waits_is_bounded(self) -> None:
        assert len(self.session.duties.pending) <= IN_FLIGHT
        assert len(self.session.duties.places.rooms()) <= 2

    @invariant()
    def every_ref_without_an_answer_is_waited_for(self) -> None:
        pending = self.session.duties.pending
        if not self.is_over and not self.admits:
            assert {ref for ref in +self.waiting if ref not in pending} == set()

    @invariant()
    def it_reads_unless_it_waits(self) -> None:
        is_full = len(self.session.duties.pending) == IN_FLIGHT
        is_admitting = self.session.phase is Phase.ADMITTING
        assert self.session.is_reading == (not is_full and not is_admitting)

    def teardown(self) -> None:
        """Once all who were asked have answered, or have had their time, no answer is owed."""
        if self.admits and not self.is_over:
            self.deny(Unavailable())
        if not self.is_over:
            for ref in list(+self.waiting):
                self.refuse(ref)
            assert +self.waiting == Counter()

    def take(self, wanted: Sequence[effects.Effect]) -> None:
        """Check what is to be done, and note what is to be answered by others."""
        assert not (self.is_over and wanted)
        for place, effect in enumerate(wanted):
            match effect:
                case effects.Tell(frame=frame):
                    self.count(frame.ref)
                case effects.TellTime(ref=ref):
                    self.count(ref)
                case effects.Admit():
                    self.admits.append(effect)
                case effects.Renew():
                    self.renewals.append(effect)
                case effects.Close():
                    assert place == len(wanted) - 1
                    self.is_over = True
                case _:
                    pass

    def count(self, ref: str | None) -> None:
        if ref is not None:
            self.waiting[ref] -= 1
            assert self.waiting[ref] >= 0, f"{ref} has an answer too many"


SessionLaws.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestSessionLaws = SessionLaws.TestCase
