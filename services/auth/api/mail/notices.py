"""What a notice says of a request."""

from starlette.requests import Request

from services.auth.api.signing_in import user_agent
from services.auth.core.devices import device_name
from services.auth.core.letters import shown_time


def notice_of(request: Request, *, address: str, now: float) -> dict[str, str]:
    """Return the fields that tell when something was done, and from where."""
    return {
        "at": shown_time(now),
        "device": device_name(user_agent(request)),
        "address": address,
    }
