"""Seeds at rest: opened with the right key for the right account, or not at all."""

from uuid import UUID

from libs.common.contracts.ids import PersonId
from services.auth.store.factors.seals import Seals

ALICE, BOB = PersonId(UUID(int=1)), PersonId(UUID(int=2))
SEED = b"12345678901234567890"
SEALS = Seals(b"k" * 32)


def test_a_seed_is_opened_for_its_account() -> None:
    assert SEALS.open(SEALS.seal(SEED, ALICE), ALICE) == SEED


def test_a_sealed_seed_tells_nothing() -> None:
    sealed = SEALS.seal(SEED, ALICE)

    assert SEED.decode() not in sealed
    assert sealed != SEALS.seal(SEED, ALICE)


def test_the_seed_of_one_account_is_not_opened_for_another() -> None:
    assert SEALS.open(SEALS.seal(SEED, ALICE), BOB) is None


def test_with_another_key_there_is_no_seed() -> None:
    assert Seals(b"x" * 32).open(SEALS.seal(SEED, ALICE), ALICE) is None


def test_what_was_changed_is_not_opened() -> None:
    sealed = SEALS.seal(SEED, ALICE)

    for text in ("", "x", "a.b.c.d.e", sealed[:-2], sealed.swapcase()):
        assert SEALS.open(text, ALICE) is None
