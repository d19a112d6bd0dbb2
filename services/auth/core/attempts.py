"""How long an account rests after wrong passwords.

    attempts in a row   1 ... free      free + 1   free + 2   free + 3   ...
    pause before the next   none        first_s    2 first_s  4 first_s  ... at most max_s

The pause slows a guesser down to a few tries a minute and locks nobody out: whoever knows the
password waits `max_s` at worst. An attempt refused for coming too soon does not lengthen the
pause. An attempt is counted before its password is looked at, so that a hundred at once are a
hundred, and a right password wipes the count.
"""

from dataclasses import dataclass

from libs.common.errors import TooMany
from services.auth.model.attempts import Attempts


@dataclass(frozen=True, slots=True)
class AttemptRule:
    """See the module. A count older than `forget_s` is forgotten."""

    free: int
    first_s: float
    max_s: float
    forget_s: float

    def count(self, before: Attempts, now: float) -> Attempts:
        """Return the attempts with one more that begins now.

        Raises: TooMany, when the account still rests.
        """
        # Not negative after a clock was set back: that would stretch the pause.
        age_s = abs(now - before.last_at)
        if age_s >= self.forget_s:
            return Attempts(1, now)
        left_s = self._pause_s(before.count) - age_s
        if left_s > 0:
            raise TooMany(retry_after_ms=int(left_s * 1000) + 1)
        return Attempts(before.count + 1, now)

    def _pause_s(self, count: int) -> float:
        if count < self.free:
            return 0.0
        # Beyond 2 ** 32 the longest pause is reached whatever the settings are.
        return float(min(self.first_s * 2 ** min(count - self.free, 32), self.max_s))
