"""Bodies that were announced and have not come, by the address they are to come from.

Who begins many requests and ends none would otherwise have all the places of those in flight.
"""

from collections import Counter

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope


class Arriving:
    """`max_per_address`: beyond so many an address `is_full`."""

    def __init__(self, *, max_per_address: int) -> None:
        self._max_per_address = max_per_address
        self._counts: Counter[str] = Counter()

    def begin(self, scope: Scope) -> "Arrival":
        """Count a request's body, if it has one; `end` it in any case."""
        headers = Headers(scope=scope)
        has_body = (
            headers.get("content-length", "0") != "0"
            or headers.get("transfer-encoding") is not None
        )
        client = scope.get("client")
        return Arrival(self._counts, str(client[0]) if client else "", has_body=has_body)

    def is_full(self, arrival: "Arrival") -> bool:
        """Tell whether too many are on their way from there, this one included."""
        return self._counts[arrival.address] > self._max_per_address


class Arrival:
    """One body, from its request's head until all of it is here."""

    def __init__(self, counts: Counter[str], address: str, *, has_body: bool) -> None:
        self.address = address
        self._counts = counts
        self._is_coming = has_body
        if has_body:
            counts[address] += 1

    def end(self) -> None:
        """Count it no more; harmless if it is not counted."""
        if self._is_coming:
            self._is_coming = False
            self._counts[self.address] -= 1
            if not self._counts[self.address]:
                del self._counts[self.address]

    def watched(self, receive: Receive) -> Receive:
        """Return a `receive` that ends the arrival with the body."""

        async def receive_watched() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                self.end()
            return message

        return receive_watched
