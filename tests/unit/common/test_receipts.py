"""Receipts of erasures: signed by who erased, about one person, readable for ever."""

from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from libs.common.errors import Unauthorized
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.receipts import ReceiptReader, Receipts, person_hash
from libs.common.tokens.service import ServiceTokens
from tests.support.clock import TEN_O_CLOCK, SetClock

ERASURE = UUID(int=1, version=4)
BOB = PersonId(UUID(int=2, version=4))
ALICE = PersonId(UUID(int=3, version=4))

KEY, OTHER = SigningKey.generate(0.0), SigningKey.generate(0.0)
READER = ReceiptReader({"rooms": [KEY.public], "messages": [OTHER.public]})


def signed(service: str = "rooms", key: SigningKey = KEY) -> str:
    return Receipts(service, key, clock=SetClock()).sign(ERASURE, BOB, {"member": 3})


def test_a_receipt_says_what_was_done_and_not_to_whom() -> None:
    token = signed()

    checked = READER.read(token, service="rooms", erasure_id=ERASURE, person_id=BOB)

    assert checked.receipt.counts == {"member": 3}
    assert checked.receipt.at == int(TEN_O_CLOCK)
    assert checked.receipt.person_hash == person_hash(ERASURE, BOB)
    assert checked.key["kid"] == KEY.kid
    assert str(BOB) not in str(checked)


@pytest.mark.parametrize(
    ("token", "service", "erasure_id", "person_id"),
    [
        (signed(), "rooms", ERASURE, ALICE),
        (signed(), "rooms", UUID(int=9, version=4), BOB),
        (signed(), "messages", ERASURE, BOB),
        (signed("messages"), "messages", ERASURE, BOB),
        (signed(key=SigningKey.generate(0.0)), "rooms", ERASURE, BOB),
        ("nonsense", "rooms", ERASURE, BOB),
    ],
    ids=["person", "erasure", "service", "signer", "key", "nonsense"],
)
def test_one_of_another_is_refused(
    token: str, service: str, erasure_id: UUID, person_id: PersonId
) -> None:
    with pytest.raises(Unauthorized):
        READER.read(token, service=service, erasure_id=erasure_id, person_id=person_id)


def test_a_service_token_is_no_receipt() -> None:
    token = ServiceTokens("rooms", KEY, clock=SetClock()).mint("auth")

    with pytest.raises(Unauthorized):
        READER.read(token, service="rooms", erasure_id=ERASURE, person_id=BOB)
