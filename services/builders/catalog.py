"""The services there are. Each is imported only when it is named, so its extra alone will do."""

from importlib import import_module
from typing import Final

from libs.common.migrations import Schema
from libs.common.settings import Settings

SERVICES: Final = ("auth", "rooms", "messages", "presence", "gateway")
"""In the order in which they start: each after those that it asks."""

KEEPING: Final = ("auth", "rooms", "messages", "presence")
"""Those that keep something in Postgres."""


def settings_of(service: str) -> tuple[str, type[Settings]]:
    """Return the prefix and the model of a service's settings."""
    module = import_module(f"services.{service}.settings")
    return module.PREFIX, getattr(module, f"{service.capitalize()}Settings")


def schema_of(service: str, role: str) -> Schema:
    """Return the schema of a service that runs as `role`."""
    made: Schema = import_module(f"services.{service}.app").schema(role)
    return made
