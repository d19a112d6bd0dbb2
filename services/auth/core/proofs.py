"""When somebody has to prove, once more or with more, who they are.

A log-in is a first proof (password, external identity) and, where the account has one, a second
factor; a passkey that verified its user is both. What a stolen access token must not be enough for
asks for a proof that is younger than `AUTH_PROOF_LIFE_S`; log-in is one.
"""

from collections.abc import Sequence
from typing import Any

from libs.common.errors import Forbidden, Unauthorized
from services.auth.model.proofs import Method


class SecondFactorRequired(Unauthorized):
    """The first proof was right; `challenge` stands for it while the second is fetched."""

    code = "second_factor_required"
    message = "Now the second factor: a code of your authenticator app, or a passkey."

    def __init__(self, *, challenge: str = "", methods: Sequence[Method] = ()) -> None:
        super().__init__()
        self.challenge = challenge
        self.methods = methods

    def body(self) -> dict[str, Any]:
        return super().body() | {"challenge": self.challenge, "methods": list(self.methods)}


class StepUpRequired(Forbidden):
    """`methods` prove it; where there is none, a new log-in does."""

    code = "step_up_required"
    message = "Prove once more that it is you."

    def __init__(self, *, methods: Sequence[Method] = ()) -> None:
        super().__init__()
        self.methods = methods

    def body(self) -> dict[str, Any]:
        return super().body() | {"methods": list(self.methods)}
