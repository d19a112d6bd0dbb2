"""What is wrong with a form is gathered, and said at once."""

import pytest

from libs.common.errors import Conflict, Forbidden, Invalid
from services.auth.core.faults import Faults


class Taken(Conflict):
    code = "taken"
    message = "Somebody has it."


def say(fault: Exception) -> None:
    raise fault


def test_a_form_without_a_fault_is_let_through() -> None:
    faults = Faults(Taken)
    with faults.of("name"):
        pass

    faults.check()


def test_each_field_has_its_reason() -> None:
    faults = Faults(Taken)
    with faults.of("email"):
        say(Taken())
    with faults.of("name"):
        say(ValueError("is too long"))
    with faults.of("password"):
        say(Invalid(fields={"password": "is short"}))

    with pytest.raises(Invalid) as refused:
        faults.check()

    assert refused.value.fields == {
        "email": "Somebody has it.",
        "name": "is too long",
        "password": "is short",
    }


def test_what_has_a_code_of_its_own_keeps_it_when_it_is_alone() -> None:
    faults = Faults(Taken)
    with faults.of("email"):
        say(Taken())

    with pytest.raises(Taken):
        faults.check()


def test_what_no_other_value_of_the_field_would_mend_ends_it_all() -> None:
    with pytest.raises(Forbidden), Faults(Taken).of("email"):
        say(Forbidden())
