"""What services sign of an erasure: a key for those that run alone, and a look at signatures."""

import json
from collections.abc import Collection
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from libs.common.clock import Clock
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.receipts import Receipts


def receipts(service: str, clock: Clock) -> Receipts:
    return Receipts(service, SigningKey.generate(clock.now()), clock=clock)


def check_receipts(done: dict[str, Any], *, of: Collection[str]) -> None:
    """Check what each of these has signed with nothing but what is shown of the erasure."""
    assert {step["service"] for step in done["steps"]} == set(of)
    for step in done["steps"]:
        key = OKPKey.import_key(step["key"])
        signed = jws.deserialize_compact(step["receipt"], key, algorithms=["Ed25519"])
        receipt = json.loads(signed.payload)
        assert receipt["iss"] == step["service"]
        assert receipt["erasure_id"] == done["erasure_id"]
