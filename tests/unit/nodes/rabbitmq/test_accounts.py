"""What the broker is told of vhosts, users and their rights."""

import json
import re

import pytest

from services.nodes.rabbitmq.accounts import EVERYTHING, OWNER, Accounts, Rights

BOBS = Rights(configure="bob[.].*|chat", write="", read="bob[.].*")


def definitions(accounts: Accounts) -> dict[str, list[dict[str, object]]]:
    written: dict[str, list[dict[str, object]]] = json.loads(
        accounts.definitions(lambda user: f"password of {user}")
    )
    return written


def fits(expression: str, name: str) -> bool:
    """Return what the broker finds: it searches, anywhere in the name."""
    return re.search(expression, name) is not None


def test_the_owner_may_do_everything_everywhere() -> None:
    written = definitions(Accounts(vhosts=["a", "b"], users={}))

    assert written["vhosts"] == [{"name": "a"}, {"name": "b"}]
    assert written["users"] == [
        {"name": OWNER, "password": f"password of {OWNER}", "tags": ["administrator"]}
    ]
    assert written["permissions"] == [
        {"user": OWNER, "vhost": vhost, **EVERYTHING.expressions()} for vhost in ("a", "b")
    ]


def test_a_user_has_rights_where_they_are_given_and_no_tags() -> None:
    written = definitions(Accounts(vhosts=["a", "b"], users={"bob": {"b": BOBS}}))

    assert {"name": "bob", "password": "password of bob", "tags": []} in written["users"]
    assert [one for one in written["permissions"] if one["user"] == "bob"] == [
        {"user": "bob", "vhost": "b", **BOBS.expressions()}
    ]


@pytest.mark.parametrize(
    ("name", "is_his"),
    [("bob.notes", True), ("chat", True), ("alice.bob.notes", False), ("chat.dead", False)],
)
def test_an_expression_is_for_the_whole_name(name: str, is_his: bool) -> None:
    assert fits(BOBS.expressions()["configure"], name) is is_his


def test_a_right_that_was_not_given_fits_no_queue_and_no_exchange() -> None:
    assert not fits(Rights().expressions()["write"], "amq.default")
