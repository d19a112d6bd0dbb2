"""JSON with names in it, and whether a value is what it says.

    "<room>"        a text that is bound to this name when it is first seen, and the same ever after
    <seq>           the same for what is no text, such as a number
    {"a":1,...}     further members may be there; in a list, further items

Inside a longer text, and as a member's own name, it stands for what it is bound to already.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

NAME: Final = re.compile(r"<([a-z][a-z0-9' _-]*)>")
TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\.\.\.|<[a-z][a-z0-9\' _-]*>|[][{}]')

REST: Final = "..."

Names = dict[str, Any]
"""What each name is bound to."""


@dataclass(frozen=True, slots=True)
class Name:
    """A place for a value."""

    name: str
    is_text: bool


class Differs(Exception):
    """A value is not what was written. The message says where, and what came instead."""


def read(text: str) -> Any:
    """Return the pattern in a text.  Raises: ValueError."""
    return _with_names(json.loads(_as_json(text)))


def filled(pattern: Any, names: Names) -> Any:
    """Return the pattern with its names replaced, and without what it leaves open.

    Raises: KeyError for a name that is not bound.
    """
    match pattern:
        case Name(name):
            return names[name]
        case str():
            return NAME.sub(lambda found: str(names[found[1]]), pattern)
        case dict():
            return {
                filled(key, names): filled(part, names)
                for key, part in pattern.items()
                if key != REST
            }
        case list():
            return [filled(part, names) for part in pattern if part != REST]
        case _:
            return pattern


def match(pattern: Any, value: Any, names: Names, place: str = "it") -> None:
    """Return when the value is what the pattern says, and bind the names that are new.

    Names stay bound also when a later part differs.  Raises: Differs.
    """
    match pattern:
        case Name():
            _match_name(pattern, value, names, place)
        case dict():
            _match_object(pattern, value, names, place)
        case list():
            _match_list(pattern, value, names, place)
        case str():
            _equal(filled(pattern, names), value, place)
        case _:
            _equal(pattern, value, place)


def names_in(pattern: Any) -> Iterator[Name]:
    """Yield the names in a pattern, in order."""
    match pattern:
        case Name():
            yield pattern
        case str():
            yield from (Name(found, is_text=True) for found in NAME.findall(pattern))
        case dict():
            for part in pattern.values():
                yield from names_in(part)
        case list():
            for part in pattern:
                yield from names_in(part)


def _match_name(pattern: Name, value: Any, names: Names, place: str) -> None:
    if isinstance(value, str) is not pattern.is_text:
        kind = "a text" if pattern.is_text else "no text"
        raise Differs(f"{place} is {value!r} and should be {kind}")
    if value is None:
        raise Differs(f"{place} has no value")
    known = names.setdefault(pattern.name, value)
    if known != value:
        raise Differs(f"{place} is {value!r}, and <{pattern.name}> was {known!r}")


def _match_object(pattern: dict[str, Any], value: Any, names: Names, place: str) -> None:
    if not isinstance(value, dict):
        raise Differs(f"{place} is {value!r} and should be an object")
    for written, part in pattern.items():
        if written == REST:
            continue
        key = filled(written, names)
        if key not in value:
            raise Differs(f"{place} has no {key}: {json.dumps(value, ensure_ascii=False)}")
        match(part, value[key], names, f"{place}.{key}")
    known = {filled(key, names) for key in pattern}
    if REST not in pattern and (more := sorted(value.keys() - known)):
        raise Differs(f"{place} has {', '.join(more)} too")


def _match_list(pattern: list[Any], value: Any, names: Names, place: str) -> None:
    if not isinstance(value, list):
        raise Differs(f"{place} is {value!r} and should be a list")
    parts = [part for part in pattern if part != REST]
    if len(value) < len(parts) or (len(value) > len(parts) and REST not in pattern):
        raise Differs(f"{place} has {len(value)} items and should have {len(parts)}: {value}")
    for at, part in enumerate(parts):
        match(part, value[at], names, f"{place}[{at}]")


def _equal(wanted: Any, value: Any, place: str) -> None:
    if type(wanted) is not type(value) or wanted != value:
        raise Differs(f"{place} is {value!r} and should be {wanted!r}")


def _as_json(text: str) -> str:
    """Write what JSON has no word for as objects and members that it has."""
    brackets: list[str] = []

    def one(found: re.Match[str]) -> str:
        token = found[0]
        if token in "[{":
            brackets.append(token)
        elif token in "]}":
            brackets.pop()
        elif token == REST:
            return f'"{REST}":true' if brackets[-1:] == ["{"] else f'"{REST}"'
        elif token.startswith("<"):
            return json.dumps({"<>": token[1:-1]})
        return token

    return TOKEN.sub(one, text)


def _with_names(value: Any) -> Any:
    match value:
        case {"<>": str(name)}:
            return Name(name, is_text=False)
        case dict():
            return {key: _with_names(part) for key, part in value.items()}
        case list():
            return [_with_names(part) for part in value]
        case str() if found := NAME.fullmatch(value):
            return Name(found[1], is_text=True)
        case _:
            return value
