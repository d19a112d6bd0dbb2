"""Asking whose a token is: once for all, kept for a while, nobody let in for lack of an answer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.introspection import (
    Introspected,
    IntrospectionsAnswer,
    IntrospectionsRequest,
)
from libs.common.contracts.people import PersonKind
from libs.common.errors import Conflict, Unauthorized, Unavailable
from libs.common.tokens import introspection
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.api_tokens import composed, hashed
from libs.common.tokens.introspection import KEEP_REFUSED_S, KEEP_S, Introspection
from libs.common.tokens.revoked import RevokedSessions
from tests.support.clock import SetClock, settle

SESSION = SessionId(UUID(int=7))


def token(number: int) -> str:
    return composed(f"{number:043}")


class Auth:
    """Knows some tokens; `is_open` lets its answers out."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self.own: dict[str, Introspected] = {}
        self.foreign: dict[str, Introspected] = {}
        self.takes_foreign = False
        self.trouble: Exception | None = None
        self.asked: list[IntrospectionsRequest] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    def know(self, text: str, *, life_s: float = 3_600.0) -> None:
        known = Introspected(
            person_id=PersonId(UUID(int=1)),
            kind=PersonKind.BOT,
            name="Robot",
            session_id=SESSION,
            expires_at=self._clock.now() + life_s,
            scopes=["messages:read"],
        )
        if text.startswith("hbt_"):
            self.own[hashed(text).hex()] = known
        else:
            self.foreign[text] = known

    async def introspect(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        self.asked.append(asked)
        await self.is_open.wait()
        if self.trouble is not None:
            raise self.trouble
        return IntrospectionsAnswer(
            api_tokens=[self.own.get(one) for one in asked.api_tokens],
            foreign=[self.foreign.get(one) for one in asked.foreign],
            takes_foreign=self.takes_foreign,
        )


class Door:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.auth = Auth(self.clock)
        self.revoked = RevokedSessions(max_sessions=1)
        self.introspection = Introspection(self.auth, self.revoked, clock=self.clock)

    async def show(self, text: str) -> str:
        """Return whose an API token is."""
        return (await self.introspection.api_token(text, self.clock.now())).name

    async def show_foreign(self, text: str) -> str:
        return (await self.introspection.foreign(text, self.clock.now())).name


@pytest.fixture
def door() -> Door:
    return Door()


@contextmanager
def asks(door: Door, count: int) -> Iterator[None]:
    """Hold the block to so many questions."""
    before = len(door.auth.asked)
    yield
    assert len(door.auth.asked) - before == count


async def test_auth_is_told_the_hash_of_a_token_and_never_the_token(door: Door) -> None:
    door.auth.know(token(1))

    assert await door.show(token(1)) == "Robot"

    assert door.auth.asked[0].api_tokens == [hashed(token(1)).hex()]
    assert token(1) not in door.auth.asked[0].model_dump_json()


async def test_what_cannot_be_a_token_is_not_asked_about(door: Door) -> None:
    with asks(door, 0), pytest.raises(Unauthorized):
        await door.show("hbt_made-up")


async def test_an_answer_is_kept_for_a_while(door: Door) -> None:
    door.auth.know(token(1))
    await door.show(token(1))

    await door.clock.advance(KEEP_S - 1)
    with asks(door, 0):
        await door.show(token(1))
    await door.clock.advance(1)
    with asks(door, 1):
        await door.show(token(1))


async def test_a_no_is_kept_for_a_shorter_while(door: Door) -> None:
    with asks(door, 1):
        for _ in range(3):
            with pytest.raises(Unauthorized):
                await door.show(token(1))

    door.auth.know(token(1))
    await door.clock.advance(KEEP_REFUSED_S)

    assert await door.show(token(1)) == "Robot"


async def test_a_kept_answer_ends_with_the_token(door: Door) -> None:
    door.auth.know(token(1), life_s=2)
    await door.show(token(1))
    await door.clock.advance(2)

    with asks(door, 0), pytest.raises(Unauthorized):
        await door.show(token(1))


async def test_a_revoked_token_is_refused_though_its_answer_is_kept(door: Door) -> None:
    door.auth.know(token(1))
    await door.show(token(1))

    door.revoked.add(SESSION, until=door.clock.now() + 900)

    with pytest.raises(SessionRevoked):
        await door.show(token(1))


async def test_a_revocation_that_comes_before_the_answer_counts(door: Door) -> None:
    door.auth.know(token(1))
    door.auth.is_open.clear()
    waiting = asyncio.create_task(door.show(token(1)))
    await settle()

    door.revoked.add(SESSION, until=door.clock.now() + 900)
    door.auth.is_open.set()

    with pytest.raises(SessionRevoked):
        await waiting


async def test_a_flood_of_endings_that_pushes_a_revocation_out_lets_nobody_back_in(
    door: Door,
) -> None:
    door.auth.know(token(1))
    await door.show(token(1))
    door.revoked.add(SESSION, until=door.clock.now() + 1)
    door.auth.own.clear()

    door.revoked.add(SessionId(UUID(int=8)), until=door.clock.now() + 900)
    assert not door.revoked.has(SESSION)

    with asks(door, 1), pytest.raises(Unauthorized):
        await door.show(token(1))


async def test_many_who_show_one_token_cost_one_question(door: Door) -> None:
    door.auth.know(token(1))
    door.auth.is_open.clear()
    early = [asyncio.create_task(door.show(token(1))) for _ in range(50)]
    await settle()
    late = asyncio.create_task(door.show(token(1)))
    await settle()
    door.auth.is_open.set()

    with asks(door, 0):
        assert await asyncio.gather(*early, late) == ["Robot"] * 51
    assert len(door.auth.asked) == 1


async def test_different_tokens_of_one_turn_share_a_call(door: Door) -> None:
    for number in range(5):
        door.auth.know(token(number))

    with asks(door, 1):
        await asyncio.gather(*(door.show(token(number)) for number in range(5)))


async def test_one_who_gives_up_does_not_take_the_answer_from_others(door: Door) -> None:
    door.auth.know(token(1))
    door.auth.is_open.clear()
    impatient, patient = (asyncio.create_task(door.show(token(1))) for _ in range(2))
    await settle()

    impatient.cancel()
    await settle()
    door.auth.is_open.set()

    assert await patient == "Robot"


@pytest.mark.parametrize("trouble", [Unavailable(), Conflict()])
async def test_without_auth_nobody_new_is_let_in_and_nobody_is_logged_out(
    door: Door, trouble: Exception
) -> None:
    door.auth.know(token(1))
    await door.show(token(1))
    door.auth.trouble = trouble

    assert await door.show(token(1)) == "Robot"
    with pytest.raises(Unavailable):
        await door.show(token(2))


async def test_a_failure_is_not_kept(door: Door) -> None:
    door.auth.know(token(1))
    door.auth.trouble = Unavailable()
    with pytest.raises(Unavailable):
        await door.show(token(1))

    door.auth.trouble = None

    assert await door.show(token(1)) == "Robot"


async def test_too_many_at_once_are_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introspection, "MAX_WAITING", 2)
    door.auth.is_open.clear()
    waiting = [asyncio.create_task(door.show(token(number))) for number in range(2)]
    await settle()

    with pytest.raises(Unavailable):
        await door.show(token(9))

    door.auth.is_open.set()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_only_so_many_answers_are_kept(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introspection, "MAX_KEPT", 2)
    for number in range(3):
        door.auth.know(token(number))
        await door.show(token(number))

    with asks(door, 0):
        await door.show(token(2))
    with asks(door, 1):
        await door.show(token(0))


async def test_where_no_other_issuer_is_trusted_foreign_tokens_cost_one_question_in_a_while(
    door: Door,
) -> None:
    with asks(door, 1):
        for number in range(5):
            with pytest.raises(Unauthorized):
                await door.show_foreign(f"made-up-{number}")

    await door.clock.advance(KEEP_S)
    with asks(door, 1), pytest.raises(Unauthorized):
        await door.show_foreign("made-up")


async def test_a_foreign_token_is_shown_to_auth_and_its_answer_kept(door: Door) -> None:
    door.auth.takes_foreign = True
    door.auth.know("from-elsewhere")

    with asks(door, 1):
        assert await door.show_foreign("from-elsewhere") == "Robot"
        assert await door.show_foreign("from-elsewhere") == "Robot"


async def test_nobody_with_a_token_of_ours_waits_for_another_issuer(door: Door) -> None:
    door.auth.takes_foreign = True
    door.auth.know(token(1))
    own, foreign = await asyncio.gather(
        door.show(token(1)), door.show_foreign("slow"), return_exceptions=True
    )

    assert own == "Robot"
    assert isinstance(foreign, Unauthorized)
    assert {(len(one.api_tokens), len(one.foreign)) for one in door.auth.asked} == {(0, 1), (1, 0)}
