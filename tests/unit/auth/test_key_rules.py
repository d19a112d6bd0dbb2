"""When signing keys are replaced, and what protects them."""

from libs.common.tokens.keys import SigningKeys
from services.auth.core.keys import SEALS_SIGNING_KEYS, derived, is_due

NOON = 1_700_000_000.0
DAY_S = 86_400.0
SECRET = "s" * 32


def test_keys_are_due_when_the_newest_has_served_its_time() -> None:
    keys = SigningKeys.generate(NOON, lead_s=600.0, overlap_s=960.0)

    assert not is_due(keys, NOON + 30 * DAY_S - 1, life_s=30 * DAY_S)
    assert is_due(keys, NOON + 30 * DAY_S, life_s=30 * DAY_S)
    assert not is_due(keys.rotated(NOON + 30 * DAY_S), NOON + 31 * DAY_S, life_s=30 * DAY_S)


def test_keys_for_two_purposes_have_nothing_in_common() -> None:
    one, other = derived(SECRET, SEALS_SIGNING_KEYS), derived(SECRET, "another purpose")

    assert len(one) == 32
    assert one != other
    assert SECRET.encode() not in one


def test_the_same_secret_gives_the_same_key() -> None:
    assert derived(SECRET, SEALS_SIGNING_KEYS) == derived(SECRET, SEALS_SIGNING_KEYS)
    assert derived(SECRET, SEALS_SIGNING_KEYS) != derived("t" * 32, SEALS_SIGNING_KEYS)
