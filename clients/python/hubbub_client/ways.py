"""Over which way a client talks to its server: a socket, or polls where sockets do not get through.

    SOCKET --so many upgrades failed, and a poll works--> POLLS
      ^                                                     |
      `---------------- a socket says hello ----------------'

An upgrade has failed when the network between let no socket through, not when the server refused
one, nor when nothing answered at all: polls would fare no better. Where the two look alike, as when
a balancer has lost its server, a poll decides: nobody changes to polls before one has worked.

No I/O and no clock: times are of one clock, in seconds. See docs/protocol.md, section 11.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hubbub_client.core import ComeBack, come_back


class Way(Enum):
    SOCKET = "socket"
    POLLS = "polls"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client waits for what. The defaults are those of docs/protocol.md.

    `open_timeout_s` is for a connection with its handshake and `hello`, and again for `ready`.
    A poll is held by the server for `poll_ms` (25,000 at most) and given up `poll_margin_s` later.
    `command_timeout_s`: the server itself answers within 10 s. `settle_s`: how long the last
    answers are waited for before polls are left for a socket, while new commands wait.
    """

    failed_upgrades: int = 3
    failed_within_s: float = 60.0
    socket_again_s: float = 300.0
    open_timeout_s: float = 10.0
    poll_ms: int = 25_000
    poll_margin_s: float = 10.0
    command_timeout_s: float = 15.0
    settle_s: float = 2.0


USUAL: Final = Patience()


@dataclass(slots=True)
class Ways:
    """Chooses the way."""

    patience: Patience
    way: Way = Way.SOCKET
    _failed_at: list[float] = field(default_factory=list)
    _socket_at: float = 0.0

    def upgrade_failed(self, now: float) -> None:
        """Take note that the network let no socket through."""
        recent = [at for at in self._failed_at if now - at < self.patience.failed_within_s]
        self._failed_at = [*recent, now]

    @property
    def may_poll(self) -> bool:
        """Tell whether a poll is worth a try after the upgrade that has just failed."""
        return self.way is Way.POLLS or len(self._failed_at) >= self.patience.failed_upgrades

    def polls_work(self, now: float) -> None:
        """Stay with polls, until it is time for another socket."""
        if self.way is Way.SOCKET:
            self.way = Way.POLLS
            self.socket_was_tried(now)

    def socket_was_tried(self, now: float) -> None:
        self._socket_at = now + self.patience.socket_again_s

    def socket_in_s(self, now: float) -> float:
        """Return after which time to try a socket while one polls."""
        return max(0.0, self._socket_at - now)

    def socket_works(self) -> None:
        """Forget all failures: the server has answered over a socket."""
        self.way = Way.SOCKET
        self._failed_at = []


@dataclass(frozen=True, slots=True)
class Ended:
    """How a connection, or a try to make one, came to its end, and what is next.

    `told_s`: the server wants nobody back sooner.
    """

    what_next: ComeBack
    has_upgrade_failed: bool = False
    why: str = ""
    told_s: float = 0.0


CUT: Final = Ended(ComeBack.BACKOFF, why="cut")
NOT_LET_THROUGH: Final = Ended(ComeBack.BACKOFF, has_upgrade_failed=True, why="no upgrade")

FROM_BETWEEN: Final = {1001, 1002, 1006, 1011, 4408}
"""Closes that a network between makes, or brings about: with 4408 the server has heard nothing."""

NO_UPGRADE: Final = {400, 404, 426}
"""What our own server says when a proxy has made a plain request of the handshake."""


def ended_by_close(code: int, reason: str, *, was_ready: bool) -> Ended:
    """Return what a close means; before `ready` it may be a failed upgrade."""
    why = f"{code} {reason}".strip()
    if not was_ready and code in FROM_BETWEEN:
        return Ended(ComeBack.BACKOFF, has_upgrade_failed=True, why=why)
    return Ended(come_back(code, reason), why=why)


def ended_by_answer(status: int, retry_after: str, *, is_ours: bool) -> Ended:
    """Return what an HTTP answer to a handshake means.

    Of ours, too many and unavailable pass, and that this person may not is final. All else is a
    failed upgrade.
    """
    why, told_s = f"http {status}", seconds(retry_after)
    if not is_ours or status in NO_UPGRADE:
        return Ended(ComeBack.BACKOFF, has_upgrade_failed=True, why=why, told_s=told_s)
    if status == 429 or status >= 500:
        return Ended(ComeBack.BACKOFF, why=why, told_s=told_s)
    return Ended(ComeBack.NEVER, why=why)


def is_our_refusal(body: object) -> bool:
    """Tell whether the JSON of a refusal is the server's own: a proxy has no `code`."""
    return isinstance(body, dict) and {"code", "retryable"} <= body.keys()


def seconds(retry_after: str) -> float:
    """Return how long a `Retry-After` asks to wait; dates, which are never ours, count as none."""
    return float(retry_after) if retry_after.isdigit() else 0.0
