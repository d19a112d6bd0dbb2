"""Whether a schema only grew since a release.

Of what clients *say*, everything that was taken must still be taken: nothing may be required that
was not, become narrower or vanish. Of what they *hear*, everything that they wait for must still
come as it came: nothing may vanish, change its type, be null or missing that always was there, and
no word may vanish. What is new is fine: it is not said by old clients, and not listened to.

See: docs/protocol.md, section 16, and docs/decisions/0017-only-additions.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from libs.common.json_schema import Schema
from services.schemas.branches import NULL, Branch, branches

UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
OPAQUE: Final = ("pattern", "format", "multipleOf", "uniqueItems")
"""Bounds that can only be compared with themselves."""

CLOSED: Final = "additionalProperties"


def broken_for_speakers(old: Schema, new: Schema) -> list[str]:
    """Return what clients said in the time of `old` and may not say now, place by place."""
    return list(_Growth(_definitions(old), _definitions(new), is_said=True).compared("", old, new))


def broken_for_listeners(old: Schema, new: Schema) -> list[str]:
    """Return what clients waited for in the time of `old` and does not come now."""
    return list(_Growth(_definitions(old), _definitions(new), is_said=False).compared("", old, new))


def broken_bodies(old: Schema, new: Schema) -> Iterator[str]:
    """Yield the same for the bodies of HTTP: what is closed is said, all others are heard."""
    definitions = _definitions(new)
    for name, body in _definitions(old).items():
        if name not in definitions:
            yield f"{name}: is gone"
            continue
        is_said = body.get(CLOSED) is False
        growth = _Growth(_definitions(old), definitions, is_said=is_said)
        yield from growth.compared(name, body, definitions[name])


def _definitions(document: Schema) -> Mapping[str, Schema]:
    definitions: Mapping[str, Schema] = document.get("$defs", {})
    return definitions


@dataclass(frozen=True, slots=True)
class _Growth:
    """A comparison in one direction. A place is a path of members, a fault is a line about it."""

    old: Mapping[str, Schema]
    new: Mapping[str, Schema]
    is_said: bool

    def compared(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        """Yield the faults of everything that a value may be."""
        before, after = list(branches(old, self.old)), list(branches(new, self.new))
        yield from self._kinds(place, {one.kind for one in before}, {one.kind for one in after})
        for branch in before:
            if branch.kind not in {one.kind for one in after}:
                continue
            tries = [list(self._branch(place, branch, one)) for one in _candidates(branch, after)]
            yield from min(tries, key=len, default=[f"{_at(place, branch)}: is gone"])

    def _kinds(self, place: str, before: set[str], after: set[str]) -> Iterator[str]:
        if "anything" in (after if self.is_said else before):
            return
        if self.is_said:
            # A client that says whole numbers may say them where any number is taken.
            taken = after | ({"integer"} if "number" in after else set())
            for kind in sorted(before - taken):
                yield f"{_or_root(place)}: {kind} is not taken any more"
            return
        known = before | ({"integer"} if "number" in before else set())
        for kind in sorted(after - known):
            yield f"{_or_root(place)}: may be {kind} now"
        for kind in sorted(before - after - {NULL}):
            if not (kind == "number" and "integer" in after):
                yield f"{_or_root(place)}: is never {kind} any more"

    def _branch(self, place: str, old: Branch, new: Branch) -> Iterator[str]:
        here = _at(place, old)
        yield from self._words(here, old, new)
        if self.is_said:
            yield from _bounds(here, old.schema, new.schema)
        if old.kind == "object":
            yield from self._members(here, old.schema, new.schema)
        elif old.kind == "array":
            items = old.schema.get("items", {}), new.schema.get("items", {})
            yield from self.compared(f"{here}[]", *items)

    def _words(self, place: str, old: Branch, new: Branch) -> Iterator[str]:
        if self.is_said and new.words is not None:
            if old.words is None:
                yield f"{place}: takes only certain words now"
            for word in sorted((old.words or frozenset()) - new.words, key=str):
                yield f"{place}: {word!r} is not taken any more"
        elif not self.is_said and old.words is not None:
            if new.words is None:
                yield f"{place}: may be any {new.kind} now, and was one of certain words"
            for word in sorted(old.words - (new.words or old.words), key=str):
                yield f"{place}: is never {word!r} any more"

    def _members(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, member in before.items():
            there = f"{place}.{name}" if place else name
            if name in after:
                yield from self.compared(there, member, after[name])
            elif not self.is_said or new.get(CLOSED) is False:
                yield f"{there}: is gone"
        required = set(old.get("required", ())), set(new.get("required", ()))
        if self.is_said:
            for name in sorted(required[1] - required[0]):
                yield f"{place}.{name}: is required now"
        else:
            for name in sorted((required[0] - required[1]) & after.keys()):
                yield f"{place}.{name}: may be missing now, and always was there"
        yield from self._further(place, old.get(CLOSED, True), new.get(CLOSED, True))

    def _further(self, place: str, old: Schema | bool, new: Schema | bool) -> Iterator[str]:
        """Compare what members that have no name may be."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self.compared(f"{place}.*", old, new)
        elif self.is_said and old is not False and new is False:
            yield f"{place}: takes only the members that are named now"


def _candidates(branch: Branch, after: list[Branch]) -> list[Branch]:
    """Return what may be the same thing today: of its kind, and with the same tags, or its name."""
    alike = [one for one in after if one.kind == branch.kind]
    if branch.kind != "object":
        return alike
    same = [one for one in alike if branch.tags.items() <= one.tags.items()]
    return [one for one in same if one.name == branch.name] or same


def _bounds(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for words, is_narrower in ((UPPER, float.__lt__), (LOWER, float.__gt__)):
        for word in words:
            if word in new and (word not in old or is_narrower(float(new[word]), float(old[word]))):
                yield f"{place}: {word} is {new[word]} now, and was {old.get(word, 'not set')}"
    for word in OPAQUE:
        if word in new and new[word] != old.get(word):
            yield f"{place}: {word} is another; where all old values fit, offer both by anyOf"


def _at(place: str, branch: Branch) -> str:
    """Return the place, for a whole frame its type."""
    if place:
        return place
    return next((str(*words) for words in branch.tags.values()), branch.name)


def _or_root(place: str) -> str:
    return place or "the whole"
