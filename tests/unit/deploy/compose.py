"""docker-compose.yml as the tests look at it."""

import re
from functools import cache
from importlib import import_module
from typing import Any, Final

from tests.architecture.tree import read

FILE: Final = "docker-compose.yml"
VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}")
SECRETS: Final = "./deploy/secrets/"


def load_yaml(text: str) -> Any:
    """Return what YAML says. Its types are not installed."""
    return import_module("yaml").safe_load(text)


@cache
def compose() -> dict[str, Any]:
    """Return the file with the defaults of its variables put in."""
    loaded: dict[str, Any] = load_yaml(VARIABLE.sub(lambda match: match["default"], read(FILE)))
    return loaded


def containers() -> dict[str, dict[str, Any]]:
    """Return the containers by name."""
    services: dict[str, dict[str, Any]] = compose()["services"]
    return services


def networks_of(container: dict[str, Any]) -> set[str]:
    """Return the names of the networks that a container is in."""
    return set(container["networks"])


def secrets_of(container: dict[str, Any]) -> set[str]:
    """Return the folders of secrets that a container sees."""
    return {
        volume.removeprefix(SECRETS).partition(":")[0]
        for volume in container.get("volumes", ())
        if volume.startswith(SECRETS)
    }
