"""The one question to rooms."""

from collections.abc import Awaitable, Callable

from libs.common.contracts.internal import AccessAnswer, AccessRequest

AskRooms = Callable[[AccessRequest], Awaitable[AccessAnswer]]
"""What are these people in this room?  Raises: Unavailable, TimedOut."""
