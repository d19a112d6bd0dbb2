"""Password hashing: correct, beside the event loop, and bounded."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from prometheus_client import CollectorRegistry

from libs.common.metrics import Metrics
from services.auth.api.hashing import (
    RETRY_AFTER_MS,
    HashingBusy,
    PasswordHashing,
    SlowHash,
    argon2id,
)
from services.auth.settings.general import AuthSettings
from tests.support.clock import settle
from tests.unit.auth.recording import RecordingHash

PASSWORD = "correct horse battery staple"

Make = Callable[..., PasswordHashing]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def make(registry: CollectorRegistry) -> AsyncIterator[Make]:
    """Make a hashing pool that is closed when the test ends."""
    made: list[PasswordHashing] = []

    def make(
        slow: SlowHash, *, threads: int = 2, max_waiting: int = 64, timeout_s: float = 30.0
    ) -> PasswordHashing:
        hashing = PasswordHashing(
            slow,
            Metrics(registry, "auth"),
            threads=threads,
            max_waiting=max_waiting,
            timeout_s=timeout_s,
        )
        made.append(hashing)
        return hashing

    yield make
    for hashing in made:
        await hashing.close()


def settings() -> AuthSettings:
    return AuthSettings.model_validate({"secret": "s" * 32, "public_url": "http://127.0.0.1:8000"})


async def test_a_real_hash_verifies_its_password_and_no_other(make: Make) -> None:
    hashing = make(argon2id(settings()))

    stored = await hashing.hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hashing.verify(PASSWORD, stored)
    assert not await hashing.verify(PASSWORD + " ", stored)
    assert not hashing.is_outdated(stored)


async def test_no_password_is_cut(make: Make) -> None:
    hashing = make(argon2id(settings()))
    long = "x" * 127

    stored = await hashing.hash(long + "a")

    assert not await hashing.verify(long + "b", stored)


async def test_a_hash_made_with_other_parameters_is_outdated(make: Make) -> None:
    hashing = make(argon2id(settings()))
    dearer = make_parameters(passes=3)

    assert hashing.is_outdated(dearer.hash(PASSWORD))


def make_parameters(*, passes: int) -> SlowHash:
    return argon2id(settings().model_copy(update={"hash_passes": passes}))


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken", "$2b$12$" + "x" * 53])
async def test_what_is_no_hash_belongs_to_no_password(make: Make, stored: str) -> None:
    assert not await make(argon2id(settings())).verify(PASSWORD, stored)


async def test_nobodys_password_costs_one_hash_like_a_wrong_one(make: Make) -> None:
    slow = RecordingHash()
    hashing = make(slow)

    assert not await hashing.verify(PASSWORD, None)
    assert not await hashing.verify(PASSWORD, "v1:another")

    assert slow.asked == ["hash", "verify"]


async def test_hashing_happens_in_its_own_threads(make: Make) -> None:
    slow = RecordingHash()
    hashing = make(slow, threads=2)

    await asyncio.gather(*(hashing.hash(PASSWORD) for _ in range(30)))

    assert len(slow.asked) == 30
    assert threading.current_thread().name not in slow.threads
    assert all(name.startswith("auth-hashing") for name in slow.threads)


async def test_the_loop_runs_while_passwords_are_hashed(make: Make) -> None:
    slow = RecordingHash()
    slow.gate.clear()
    hashing = make(slow)
    waiting = [asyncio.create_task(hashing.hash(PASSWORD)) for _ in range(30)]
    await asyncio.sleep(0)

    turns = 0
    for _ in range(1_000):
        await asyncio.sleep(0)
        turns += 1
    is_any_done = any(task.done() for task in waiting)
    slow.gate.set()
    await asyncio.gather(*waiting)

    assert turns == 1_000
    assert not is_any_done


async def test_a_full_queue_refuses_at_once(make: Make, registry: CollectorRegistry) -> None:
    slow = RecordingHash()
    slow.gate.clear()
    hashing = make(slow, threads=1, max_waiting=2)
    waiting = [asyncio.create_task(hashing.hash(PASSWORD)) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(HashingBusy) as refusal:
        await hashing.hash(PASSWORD)
    length = registry.get_sample_value("chat_auth_hash_queue_count")
    slow.gate.set()
    await asyncio.gather(*waiting)

    assert refusal.value.retry_after_ms == RETRY_AFTER_MS
    assert length == 2
    assert registry.get_sample_value("chat_auth_hash_refusals_total") == 1


async def test_a_place_in_the_queue_is_free_again_when_its_hash_is_done(
    make: Make, registry: CollectorRegistry
) -> None:
    hashing = make(RecordingHash(), max_waiting=1)

    await hashing.hash(PASSWORD)

    assert registry.get_sample_value("chat_auth_hash_queue_count") == 0
    assert await hashing.hash(PASSWORD)


async def test_who_waits_too_long_is_told_to_come_back(make: Make) -> None:
    slow = RecordingHash()
    slow.gate.clear()
    hashing = make(slow, threads=1, timeout_s=0.001)

    with pytest.raises(HashingBusy):
        await hashing.hash(PASSWORD)

    slow.gate.set()


async def test_a_caller_who_gave_up_keeps_the_place_until_the_thread_is_done(make: Make) -> None:
    slow = RecordingHash()
    slow.gate.clear()
    hashing = make(slow, threads=1, max_waiting=1)
    given_up = asyncio.create_task(hashing.hash(PASSWORD))
    await settle()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up

    with pytest.raises(HashingBusy):
        await hashing.hash(PASSWORD)

    slow.gate.set()
