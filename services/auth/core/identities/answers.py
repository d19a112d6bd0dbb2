"""What comes back from a provider in the browser's hands, held against what was sent there.

    cookie: state, provider, time  ->  query: state, iss, error, code

The cookie says that this browser began the log-in, `state` that the answer is to it, `iss` that it
is from the provider that was asked and not from another one that leads its people to our door.

See: RFC 9207 (`iss`), RFC 9700 sections 2.1 and 4.4 (mix-up).
"""

import hmac
from collections.abc import Mapping

from services.auth.core.identities.refusals import IdentityInvalid, LoginExpired, ProviderRefused
from services.auth.model.identities import Flow


def check_flow(flow: Flow | None, query: Mapping[str, str], *, provider: str, now: float) -> Flow:
    """Return the log-in to which this is an answer.  Raises: LoginExpired."""
    state = query.get("state", "")
    if flow is None or flow.provider != provider or now >= flow.expires_at:
        raise LoginExpired
    if not hmac.compare_digest(flow.state.encode(), state.encode(errors="replace")):
        raise LoginExpired
    return flow


def code_in(query: Mapping[str, str], *, issuer: str, names_itself: bool) -> str:
    """Return the code; `names_itself`: the provider says that its answers hold `iss`.

    Raises: IdentityInvalid for another provider's answer; ProviderRefused.
    """
    named = query.get("iss")
    if named != issuer and (named is not None or names_itself):
        raise IdentityInvalid("iss of the answer")
    code = query.get("code")
    if "error" in query or not code:
        raise ProviderRefused
    return code
