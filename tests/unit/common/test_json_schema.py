"""What is left of what pydantic says."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from libs.common.json_schema import Schema, as_heard, document, tidied


class Cup(BaseModel):
    """What tea is in."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["cup"] = "cup"
    title: str
    default: int | None
    lid: str | None = None


def schema_of_a_cup() -> Schema:
    return TypeAdapter(Cup).json_schema(mode="serialization")


def test_the_names_of_members_are_said_once() -> None:
    tidy = tidied(schema_of_a_cup())

    assert tidy["description"] == "What tea is in."
    assert tidy["properties"]["kind"] == {"const": "cup", "type": "string"}
    assert "title" not in tidy


def test_members_that_are_called_like_a_word_of_the_schema_stay() -> None:
    tidy = tidied(schema_of_a_cup())

    assert list(tidy["properties"]) == ["kind", "title", "default", "lid"]


def test_what_is_heard_may_have_more_members() -> None:
    assert schema_of_a_cup()["additionalProperties"] is False
    assert "additionalProperties" not in as_heard(schema_of_a_cup())


def test_what_is_heard_has_all_members_that_cannot_be_null() -> None:
    assert as_heard(schema_of_a_cup())["required"] == ["kind", "title"]


def test_objects_within_objects_are_heard_alike() -> None:
    nested = as_heard({"$defs": {"Cup": schema_of_a_cup()}, "anyOf": [{"$ref": "#/$defs/Cup"}]})

    assert nested["$defs"]["Cup"]["required"] == ["kind", "title"]


def test_definitions_stand_in_the_order_of_their_names() -> None:
    made = document("Tea", "All of it.", {"b": {}, "a": {}}, anyOf=[])

    assert list(made) == ["$schema", "title", "description", "anyOf", "$defs"]
    assert list(made["$defs"]) == ["a", "b"]
