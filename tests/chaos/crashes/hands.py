"""What a process has in its hands at a point: the kinds of the commands, or of the facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from libs.common.contracts.commands import COMMAND_BATCH, decode_commands

MARK_READ: Final = "read"
"""The one command that leaves no entry: it is not among what is decided for the log."""

ERASURE: Final = "an erasure"
"""What auth asks for over HTTP, turn by turn."""


@dataclass(slots=True)
class Hands:
    """What cannot be seen from the arguments of a call: each process does one thing at a time."""

    _told: set[str] = field(default_factory=set)
    _put: set[str] = field(default_factory=set)
    _relayed: set[str] = field(default_factory=set)

    @property
    def told(self) -> set[str]:
        """Return what is being told."""
        return self._told

    def tell(self, _: Any, decisions: Iterable[Any]) -> set[str]:
        """Note what is told, for when it is settled."""
        self._told = {reply.asked.command.kind for one in decisions for reply in one.replies}
        return self._told

    def settle(self, *_: Any) -> set[str]:
        """Return what was told, once."""
        told, self._told = self._told, set()
        return told

    def put_row(self, _: Any, row: Any) -> set[str]:
        """Note what is put into the outbox, for when its transaction has committed."""
        kinds = of_rows([row])
        self._put |= kinds
        return kinds

    def commit(self, *_: Any) -> set[str]:
        """Return what was put into the outbox, once."""
        put, self._put = self._put, set()
        return put

    def relay(self, _: Any, rows: Sequence[Any]) -> set[str]:
        """Note what leaves the outbox, for when it is gone from there."""
        self._relayed = of_rows(rows)
        return self._relayed

    def remove(self, *_: Any) -> set[str]:
        """Return what left the outbox, once."""
        relayed, self._relayed = self._relayed, set()
        return relayed


def of_batch(_: Any, batch: Sequence[Any]) -> set[str]:
    """Return the kinds of commands as the worker takes them."""
    return {taken.command.kind for taken in batch}


def of_changes(_: Any, changes: Sequence[Any], **__: Any) -> set[str]:
    """Return the kinds of what was decided."""
    return {outcome.kind for change in changes for outcome in change.outcomes.values()}


def of_rows(rows: Iterable[Any]) -> set[str]:
    """Return the kinds of commands and the keys of facts in rows of an outbox."""
    kinds: set[str] = set()
    for row in rows:
        if row.kind == COMMAND_BATCH:
            kinds |= {command.kind for command in decode_commands(row.body)}
        else:
            kinds.add(row.kind)
    return kinds


def of_wish(_: Any, __: str, command: Any, **___: Any) -> set[str]:
    """Return the kind of what somebody wants over HTTP."""
    return {command("", "", "").kind}


def of_receipts(receipts: Any) -> set[str]:
    """Return what there is to tell of read cursors, if there is something."""
    return {MARK_READ} if receipts._waiting else set()


def of_frames(_: Any, __: str, commands: Any) -> set[str]:
    """Return the kinds of what clients want, one command or several."""
    several = commands if isinstance(commands, Sequence) else [commands]
    return {command.kind for command in several}


def of_one(_: Any, taken: Any) -> set[str]:
    """Return the kind of a command that is alone."""
    return {taken.command.kind}


def of_fact(_: Any, fact: Any) -> set[str]:
    """Return what a fact is about."""
    return {type(fact).__name__}


def of_erasure(*_: Any, **__: Any) -> set[str]:
    """Return the one thing that it can be."""
    return {ERASURE}
