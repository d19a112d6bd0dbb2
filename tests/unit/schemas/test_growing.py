"""What would break a client that was written for the last release, and what would not."""

from typing import Any, ClassVar

import pytest

from libs.common.json_schema import Schema
from services.schemas.growing import broken_bodies, broken_for_listeners, broken_for_speakers

NOTHING: list[str] = []


def frame(type_: str, *, required: tuple[str, ...] = (), **members: Any) -> Schema:
    """Return the schema of a frame with these members in its `data`."""
    data = {"type": "object", "properties": members, "required": list(required)}
    return {
        "type": "object",
        "properties": {"type": {"type": "string", "const": type_}, "data": data},
        "required": ["type", "data"],
    }


def strict(schema: Any) -> Any:
    """Return the schema as that of something said: nothing may come that is not named."""
    if not isinstance(schema, dict):
        return schema
    inner = {word: strict(part) for word, part in schema.items()}
    return inner | ({"additionalProperties": False} if "properties" in schema else {})


def either(**frames: Schema) -> Schema:
    return {
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in frames],
        "$defs": frames,
    }


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}
MOOD: Schema = {"type": "string", "enum": ["calm", "busy"]}


def told(*required: str, **members: Any) -> Schema:
    """Return a document of what is heard: a frame `news`, and another that stays as it is."""
    return either(News=frame("news", required=required, **members), Bye=frame("bye"))


class TestWhatIsHeard:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (told("a", a=TEXT), told("a", "b", a=TEXT, b=NUMBER)),
            (told(a=TEXT), told("a", a=TEXT)),
            (told(a={"anyOf": [TEXT, NULL]}), told("a", a=TEXT)),
            (told(a=MOOD), told(a=MOOD | {"enum": ["calm", "busy", "wild"]})),
            (told(a=TEXT), told(a=MOOD)),
            (told(a={"type": "number"}), told(a=NUMBER)),
            (either(News=frame("news")), either(News=frame("news"), More=frame("more"))),
            (either(News=frame("news", a=TEXT)), either(Told=frame("news", a=TEXT))),
        ],
        ids=[
            "a member is new",
            "a member is always there now",
            "a member is never null any more",
            "a word is new",
            "a text is one of few words",
            "a number is whole",
            "a frame is new",
            "a model has another name",
        ],
    )
    def test_what_is_new_breaks_nothing(self, old: Schema, new: Schema) -> None:
        assert broken_for_listeners(old, new) == NOTHING

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (told(a=TEXT), told(), "news.data.a: is gone"),
            (told(a=TEXT), told(a=NUMBER), "news.data.a: may be integer now"),
            (told(a=NUMBER), told(a={"type": "number"}), "news.data.a: may be number now"),
            (told(a=TEXT), told(a={"anyOf": [TEXT, NULL]}), "news.data.a: may be null now"),
            (told("a", a=TEXT), told(a=TEXT), "news.data.a: may be missing now"),
            (told(a=MOOD), told(a=MOOD | {"enum": ["calm"]}), "news.data.a: is never 'busy'"),
            (told(a=MOOD), told(a=TEXT), "news.data.a: may be any string now"),
            (told(), either(Bye=frame("bye")), "news: is gone"),
            (told(), either(News=frame("bye"), Bye=frame("news2")), "news: is gone"),
            (
                told(a={"type": "array", "items": frame("x", b=TEXT)}),
                told(a={"type": "array", "items": frame("x")}),
                "news.data.a[].data.b: is gone",
            ),
        ],
    )
    def test_what_is_waited_for_still_comes(self, old: Schema, new: Schema, fault: str) -> None:
        assert any(line.startswith(fault) for line in broken_for_listeners(old, new))

    def test_of_two_frames_of_one_type_each_is_held_to_its_own(self) -> None:
        old = either(Person=frame("presence", a=TEXT), Room=frame("presence", b=NUMBER))
        new = either(Person=frame("presence", a=TEXT), Room=frame("presence"))

        assert broken_for_listeners(old, old) == NOTHING
        assert broken_for_listeners(old, new) == ["presence.data.b: is gone"]

    def test_a_code_that_goes_is_named(self) -> None:
        old = either(Code={"type": "integer", "enum": [4400, 4410]})
        new = either(Code={"type": "integer", "enum": [4400, 4500]})

        assert broken_for_listeners(old, new) == ["Code: is never 4410 any more"]


def taken(*required: str, **members: Any) -> Schema:
    """Return a document of what may be said."""
    document: Schema = strict(told(*required, **members))
    return document


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (taken("a", a=TEXT), taken("a", a=TEXT, b=NUMBER)),
            (taken("a", a=TEXT), taken(a=TEXT)),
            (taken(a=MOOD), taken(a=TEXT)),
            (taken(a=TEXT), taken(a={"anyOf": [TEXT, NULL]})),
            (taken(a=NUMBER | {"maximum": 10}), taken(a=NUMBER | {"maximum": 20})),
            (taken(a=NUMBER | {"minimum": 1}), taken(a=NUMBER)),
            (taken(a=NUMBER), taken(a={"type": "number"})),
            (
                taken(a=TEXT | {"pattern": "^a$"}),
                taken(a={"anyOf": [TEXT | {"pattern": "^a$"}, TEXT | {"pattern": "^[ab]$"}]}),
            ),
        ],
        ids=[
            "a member may be said",
            "a member need not be said",
            "any text will do",
            "null will do",
            "a bound is wider",
            "a bound is gone",
            "a fraction will do",
            "another pattern will do too",
        ],
    )
    def test_what_is_wider_breaks_nothing(self, old: Schema, new: Schema) -> None:
        assert broken_for_speakers(old, new) == NOTHING

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (taken(a=TEXT), taken("a", a=TEXT), "news.data.a: is required now"),
            (taken(), taken("b", b=TEXT), "news.data.b: is required now"),
            (taken(a=TEXT), taken(), "news.data.a: is gone"),
            (taken(a=TEXT), taken(a=NUMBER), "news.data.a: string is not taken any more"),
            (
                taken(a={"anyOf": [TEXT, NULL]}),
                taken(a=TEXT),
                "news.data.a: null is not taken any more",
            ),
            (taken(a=MOOD), taken(a=MOOD | {"enum": ["calm"]}), "news.data.a: 'busy' is not taken"),
            (taken(a=TEXT), taken(a=MOOD), "news.data.a: takes only certain words now"),
            (
                taken(a=NUMBER | {"maximum": 20}),
                taken(a=NUMBER | {"maximum": 10}),
                "news.data.a: maximum is 10 now, and was 20",
            ),
            (
                taken(a=TEXT),
                taken(a=TEXT | {"minLength": 1}),
                "news.data.a: minLength is 1 now, and was not set",
            ),
            (
                taken(a=TEXT | {"pattern": "^a$"}),
                taken(a=TEXT | {"pattern": "^b$"}),
                "news.data.a: pattern is another",
            ),
            (told(a=TEXT), taken(a=TEXT), "news.data: takes only the members that are named now"),
            (taken(), strict(either(Bye=frame("bye"))), "news: is gone"),
        ],
    )
    def test_what_was_taken_is_still_taken(self, old: Schema, new: Schema, fault: str) -> None:
        assert any(line.startswith(fault) for line in broken_for_speakers(old, new))


class TestBodies:
    OLD: ClassVar[Schema] = {
        "$defs": {"Asked": strict(frame("x", a=TEXT)), "Told": frame("x", a=TEXT)}
    }

    def test_a_closed_body_is_said_and_an_open_one_heard(self) -> None:
        new = {
            "$defs": {
                "Asked": strict(frame("x", required=("a",), a=TEXT)),
                "Told": frame("x", required=("a",), a=TEXT),
            }
        }

        assert list(broken_bodies(self.OLD, new)) == ["Asked.data.a: is required now"]

    def test_a_body_that_goes_is_named(self) -> None:
        new = {"$defs": {"Told": self.OLD["$defs"]["Told"]}}

        assert list(broken_bodies(self.OLD, new)) == ["Asked: is gone"]

    def test_maps_are_compared_by_what_they_hold(self) -> None:
        old, new = (
            {"$defs": {"Told": {"type": "object", "additionalProperties": kind}}}
            for kind in (TEXT, NUMBER)
        )

        assert "Told.*: may be integer now" in list(broken_bodies(old, new))
