"""The question whose a token is, which only auth can answer, and the answer.

Law: additive, like all bodies between services.
"""

from typing import Annotated

from pydantic import Field

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.internal import Body
from libs.common.contracts.people import PersonKind

MAX_TOKENS = 100
"""How many tokens one call may ask about."""

MAX_TOKEN_CHARS = 4_096

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class IntrospectionsRequest(Body):
    """To auth: `POST /internal/introspections`.

    Of API tokens only the SHA-256 is told, in hexadecimal. `foreign` are tokens of another issuer.
    """

    api_tokens: list[Hash] = Field(default=[], max_length=MAX_TOKENS)
    foreign: list[Annotated[str, Field(max_length=MAX_TOKEN_CHARS)]] = Field(
        default=[], max_length=MAX_TOKENS
    )


class Introspected(Body):
    """Whose token it is, until when (seconds since 1970) and for what.

    `session_id` stands for the token, or for all tokens of one log-in with another issuer: when
    that session ends, they are void. A scope that is not known counts for nothing.
    """

    person_id: PersonId
    kind: PersonKind
    name: str
    session_id: SessionId
    expires_at: float
    scopes: list[str]


class IntrospectionsAnswer(Body):
    """In the order of the questions; None for a token that is good for nothing.

    Not `takes_foreign`: no issuer is trusted, so nobody need ask about a foreign token again soon.
    """

    api_tokens: list[Introspected | None]
    foreign: list[Introspected | None]
    takes_foreign: bool = False
