"""What a log-in goes on with, and what proves once more who somebody is."""

from services.auth.model.factors import Held
from services.auth.model.proofs import Method

NONE = Held(has_password=True, has_totp=False, passkeys=0, recovery_codes=0)
APP = Held(has_password=True, has_totp=True, passkeys=0, recovery_codes=10)
PASSKEY = Held(has_password=True, has_totp=False, passkeys=1, recovery_codes=0)
BOTH = Held(has_password=True, has_totp=True, passkeys=2, recovery_codes=3)


def test_a_password_is_enough_where_there_is_nothing_else() -> None:
    assert NONE.methods == ()
    assert NONE.proving == (Method.PASSWORD,)


def test_a_second_factor_is_asked_for_instead_of_the_password() -> None:
    assert APP.methods == APP.proving == (Method.TOTP, Method.RECOVERY)


def test_a_passkey_is_a_second_factor() -> None:
    assert PASSKEY.methods == PASSKEY.proving == (Method.PASSKEY,)


def test_all_that_somebody_has_may_be_shown() -> None:
    assert BOTH.methods == (Method.PASSKEY, Method.TOTP, Method.RECOVERY)


def test_recovery_codes_alone_are_no_second_factor() -> None:
    left_over = Held(has_password=True, has_totp=False, passkeys=0, recovery_codes=10)

    assert left_over.methods == ()


def test_without_password_and_second_factor_only_a_log_in_proves_it() -> None:
    external = Held(has_password=False, has_totp=False, passkeys=0, recovery_codes=0)

    assert external.proving == ()
