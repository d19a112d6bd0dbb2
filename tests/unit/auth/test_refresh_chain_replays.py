"""Whatever is presented in whatever order, a session never has two living successors."""

from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Unauthorized
from services.auth.core.sessions import (
    Ended,
    RefreshChain,
    RefreshToken,
    Repeated,
    Reused,
    Rotated,
)
from services.auth.model.proofs import Method
from services.auth.model.sessions import Device, Session

GRACE_S = 10.0
CHAIN = RefreshChain(key=b"k" * 32, idle_s=1_000.0, max_s=5_000.0, grace_s=GRACE_S)
CLIENTS = st.sampled_from([b"alice", b"thief"])


class Replays(RuleBasedStateMachine):
    """Alice and a thief hold any tokens that were ever issued, and present them at will."""

    tokens = Bundle("tokens")
    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self.is_ended = False
        self.by_generation: dict[int, RefreshToken] = {}
        self.presented_at: dict[int, float] = {}

    @initialize(target=tokens)
    def log_in(self) -> RefreshToken:
        begun = CHAIN.begin(
            SessionId(UUID(int=1)),
            PersonId(UUID(int=2)),
            device=Device("phone", "192.0.2.1"),
            proved_by=(Method.PASSWORD,),
            client_hash=b"alice",
            now=self.now,
        )
        self.session = begun.session
        self.by_generation[0] = begun.token
        return begun.token

    @rule(seconds=st.sampled_from([0.0, 1.0, GRACE_S, GRACE_S + 1.0, 500.0, 1_000.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(generation=st.integers(0, 50))
    def present_a_forged_token(self, generation: int) -> None:
        forged = RefreshToken(self.session.id, generation, b"?" * 32)
        try:
            CHAIN.exchange(forged, self.session, client_hash=b"thief", now=self.now)
        except Unauthorized:
            return
        raise AssertionError("a forged token was exchanged")

    @rule(target=tokens, token=tokens, client=CLIENTS)
    def present(self, token: RefreshToken, client: bytes) -> RefreshToken:
        newest = self.session.generation
        try:
            outcome = CHAIN.exchange(token, self.session, client_hash=client, now=self.now)
        except Unauthorized:
            assert self.now >= self.session.expires_at
            return token
        match outcome:
            case Rotated(session, successor):
                assert not self.is_ended
                assert token.generation == newest
                assert session.generation == newest + 1
                assert successor not in self.by_generation.values()
                self.session = session
                self.by_generation[newest + 1] = successor
                self.presented_at[newest] = self.now
                return successor
            case Repeated(session, successor):
                assert not self.is_ended
                assert successor == self.by_generation[newest]
                assert self.now - self.presented_at[token.generation] <= GRACE_S
                return successor
            case Reused(session):
                assert token.generation < newest
                self.is_ended = True
                self.session = replace(session, is_revoked=True)
            case Ended():
                assert self.is_ended
        return token

    @invariant()
    def only_the_newest_token_is_good(self) -> None:
        good = [
            token
            for token in self.by_generation.values()
            if token.hashed() == self.session.token_hash
        ]
        assert len(good) <= 1


TestReplays = Replays.TestCase
