"""The bodies of the HTTP API, from the OpenAPI documents that the services hand out.

All services are built as in one process and asked through the one port; the parts that only work
once a service has started are never reached.
"""

import json
from typing import Any, Final

import httpx
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from libs.common.bus.local import LocalBus
from libs.common.bus.topology import Spread
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.http.openapi import JSON, REFERENCE, Problem
from libs.common.http.settings import HttpSettings
from libs.common.json_schema import Schema, as_heard, document, tidied
from libs.common.postgres import Database
from libs.common.process import Process
from services.builders.catalog import KEEPING, SERVICES
from services.embedded.app import Parts, build
from services.embedded.settings import EmbeddedSettings

HERE: Final = "#/$defs/"
UNUSED: Final = "nothing is kept, so nothing is sealed with this"


class TwoMeanings(Exception):
    """Two services have a body of the same name that is not the same."""


async def bodies() -> Schema:
    """Return the schema of every body that the public API takes or answers.

    Raises: TwoMeanings.
    """
    found: dict[str, Schema] = {}
    for described in await descriptions():
        taken = _taken(described)
        for name, raw in described["components"]["schemas"].items():
            schema = tidied(raw if name in taken else as_heard(raw))
            if found.setdefault(name, schema) != schema:
                raise TwoMeanings(name)
    return document(
        "Bodies",
        "The JSON of the HTTP API, by the names of the OpenAPI documents. An answer may have more "
        "members in a newer release. Written by `make docs` from those documents.",
        found,
        anyOf=[{"$ref": f"{HERE}{name}"} for name in sorted(found)],
    )


async def descriptions() -> list[Schema]:
    """Return the OpenAPI document of each service, its references pointing into ours."""
    transport = httpx.ASGITransport(app=_whole())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        answers = [await http.get(f"/openapi/{service}.json") for service in SERVICES]
    return [
        json.loads(answer.raise_for_status().text.replace(REFERENCE.format(model=""), HERE))
        for answer in answers
    ]


def _taken(described: Schema) -> set[str]:
    """Return the names of what is strict: what the server takes, and `Problem`, which leaves out
    what does not apply.
    """
    operations = [one for path in described["paths"].values() for one in path.values()]
    contents = [one["requestBody"]["content"] for one in operations if "requestBody" in one]
    # What is no JSON, like a picture, has no schema.
    bodies = [content[JSON] for content in contents if JSON in content]
    return {Problem.__name__, *_named(bodies, described["components"]["schemas"])}


def _named(part: Any, schemas: Schema) -> set[str]:
    """Return the names to which a part of a schema refers, and those to which they do."""
    if isinstance(part, list):
        return {name for one in part for name in _named(one, schemas)}
    if not isinstance(part, dict):
        return set()
    if "$ref" in part:
        name = part["$ref"].removeprefix(HERE)
        return {name, *_named(schemas[name], schemas)}
    return _named(list(part.values()), schemas)


def _whole() -> ASGIApp:
    """Return what answers at the one port, with databases that are not there."""
    clock = SystemClock()
    process = Process(
        instance="schemas",
        bus=LocalBus(clock),
        spread=Spread(),
        clock=clock,
        chance=SystemChance(clock),
        registry=CollectorRegistry(),
        http=HttpSettings(),
    )
    parts = Parts(
        process,
        databases={name: Database.__new__(Database) for name in KEEPING},
        secret=UNUSED,
        announce=lambda _: None,
        database_dead=_never,
    )
    *_, gateway = build(EmbeddedSettings(), parts, environ={})
    return gateway.listeners[0].app


async def _never() -> None:
    """Nothing is started, so nothing waits for the end of it."""
