"""A key to sign receipts with, for services that run without the others."""

from libs.common.clock import Clock
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.receipts import Receipts


def receipts(service: str, clock: Clock) -> Receipts:
    return Receipts(service, SigningKey.generate(clock.now()), clock=clock)
