"""The services there are. Each is imported only when it is named, so its extra alone will do."""

from importlib import import_module
from typing import Final

from libs.common.migrations import Schema

SERVICES: Final = ("auth", "rooms", "messages", "presence", "gateway")
"""In the order in which they start: each after those that it asks."""

KEEPING: Final = ("auth", "rooms", "messages", "presence")
"""Those that keep something in Postgres."""


def schema_of(service: str, role: str) -> Schema:
    """Return the schema of a service that runs as `role`."""
    made: Schema = import_module(f"services.{service}.app").schema(role)
    return made
