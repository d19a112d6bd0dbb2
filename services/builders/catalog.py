"""The services there are. Each is imported only when it is named, so its extra alone will do."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Final

from libs.common.migrations import Schema
from libs.common.settings import Settings

SERVICES: Final = ("auth", "rooms", "messages", "presence", "gateway")
"""In the order in which they start: each after those that it asks."""

KEEPING: Final = ("auth", "rooms", "messages", "presence")
"""Those that keep something in Postgres."""


def settings_of(service: str) -> list[tuple[str, type[Settings]]]:
    """Return prefix and model of each group of a service's settings."""
    room = import_module(f"services.{service}.settings")
    if not hasattr(room, "__path__"):
        return [_group(room)]
    inside = iter_modules(room.__path__, f"{room.__name__}.")
    return [_group(import_module(one.name)) for one in inside]


def schema_of(service: str, role: str) -> Schema:
    """Return the schema of a service that runs as `role`."""
    made: Schema = import_module(f"services.{service}.app").schema(role)
    return made


def _group(module: ModuleType) -> tuple[str, type[Settings]]:
    (model,) = (
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Settings) and one.__module__ == module.__name__
    )
    return module.PREFIX, model
