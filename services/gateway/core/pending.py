"""The commands of one connection that wait for their answer; each is answered once."""

NEVER = float("inf")


class Pending:
    """Refs in flight. Commands on the bus have a deadline, questions end by themselves."""

    __slots__ = ("_by", "_open")

    def __init__(self) -> None:
        self._by: dict[str, float] = {}
        self._open: set[str] = set()

    def __contains__(self, ref: str) -> bool:
        return ref in self._by or ref in self._open

    def __len__(self) -> int:
        return len(self._by) + len(self._open)

    @property
    def due_at(self) -> float:
        """Return when the first deadline passes. All get the same time, so the oldest is first."""
        return next(iter(self._by.values()), NEVER)

    def add(self, ref: str, *, by: float) -> None:
        """Wait for the answer of a command until `by`."""
        self._by[ref] = by

    def by(self, ref: str) -> float | None:
        """Return until when a command's answer is waited for; None for others."""
        return self._by.get(ref)

    def open(self, ref: str) -> None:
        """Wait for an answer that comes from inside and in its own time."""
        self._open.add(ref)

    def settle(self, ref: str) -> bool:
        """Forget a ref; return False when nothing waits for its answer."""
        if ref in self._open:
            self._open.remove(ref)
            return True
        return self._by.pop(ref, None) is not None

    def take_commands(self) -> list[str]:
        """Forget and return the refs of the commands that wait, the oldest first."""
        refs = list(self._by)
        self._by.clear()
        return refs

    def overdue(self, now: float) -> list[str]:
        """Forget and return the refs whose deadline has passed."""
        late = []
        for ref, by in self._by.items():
            if by > now:
                break
            late.append(ref)
        for ref in late:
            del self._by[ref]
        return late
