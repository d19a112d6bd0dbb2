"""Where in the services a crash point is, and how it is watched.

A point is a place before or after one function, found by its name. A name that is no more is an
error at once, so that no test goes on believing in a point that nobody comes by.
"""

import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any

Kinds = Callable[..., Iterable[str]]
"""Given the arguments of a call, which kinds of command the process has in its hands."""

PassBy = Callable[[str, Iterable[str]], None]


class Moment(Enum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Place:
    """`function` is `module:name` or `module:Class.name`."""

    moment: Moment
    function: str
    kinds: Kinds

    def find(self) -> tuple[Any, str]:
        """Return what holds the function, and its name there.  Raises: ImportError,
        AttributeError.
        """
        module, _, path = self.function.partition(":")
        *owners, name = path.split(".")
        holder: Any = importlib.import_module(module)
        for owner in owners:
            holder = getattr(holder, owner)
        getattr(holder, name)
        return holder, name

    def watch(self, point: str, pass_by: PassBy) -> None:
        """Let every call of the function come by the point."""
        holder, name = self.find()
        function = getattr(holder, name)

        def come_by(moment: Moment, *arguments: Any, **more: Any) -> None:
            if moment is self.moment:
                pass_by(point, self.kinds(*arguments, **more))

        @wraps(function)
        def at_once(*arguments: Any, **more: Any) -> Any:
            come_by(Moment.BEFORE, *arguments, **more)
            result = function(*arguments, **more)
            come_by(Moment.AFTER, *arguments, **more)
            return result

        @wraps(function)
        async def later(*arguments: Any, **more: Any) -> Any:
            come_by(Moment.BEFORE, *arguments, **more)
            result = await function(*arguments, **more)
            come_by(Moment.AFTER, *arguments, **more)
            return result

        setattr(holder, name, later if inspect.iscoroutinefunction(function) else at_once)
