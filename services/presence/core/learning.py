"""Whether a new roster is whole: everybody who was there before it has been reported again.

    roster made -> announced -> gateways report all their leases -> each says: that was all -> whole
                       `------------------------- lease_s ------------------------------------^

Nobody has a list of all gateways. One that has connections names itself with its first report, so
those heard of are waited for; `settle_s` is the time they have for that. One that is not heard of
(cut off just then, or of an older release that does not understand) renews each of its leases
within `lease_s`, which ends it in any case. All times are monotonic.
"""

from uuid import UUID


class Learning:
    """`roster` names the roster that is being filled; `shards` are the queues reports come by."""

    def __init__(self, roster: UUID, *, shards: int, lease_s: float, settle_s: float) -> None:
        self.roster = roster
        self._shards = shards
        self._lease_s = lease_s
        self._settle_s = settle_s
        self._since: float | None = None
        self._done: dict[str, set[int]] = {}

    def announced(self, now: float) -> None:
        """Note that the gateways were asked: before that none could be heard."""
        if self._since is None:
            self._since = now

    def heard(self, gateway: str) -> None:
        """Note that a gateway has connections: it is to be waited for."""
        self._done.setdefault(gateway, set())

    def heard_all(self, gateway: str, shard: int, *, roster: UUID) -> None:
        """Note that a gateway has reported every lease of one shard since this roster asked."""
        if roster == self.roster:
            self._done.setdefault(gateway, set()).add(shard)

    def is_over(self, now: float, *, has_backlog: bool) -> bool:
        """Tell whether everybody is known who is there; `has_backlog`: reports wait to be read."""
        if self._since is None:
            return False
        past_s = now - self._since
        has_all = all(len(done) == self._shards for done in self._done.values())
        is_settled = past_s >= self._settle_s and has_all and not has_backlog
        return is_settled or past_s >= self._lease_s
