"""The environment as each service of this process reads it, and a look at all of it before a start.

Some settings that a service alone must be given follow here from others, or are made on the first
start: those the program fills in.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from libs.common.settings import FROM_FILE, Settings, SettingsInvalid, load
from services.auth.settings import PREFIX as AUTH
from services.embedded.reference import GROUPS
from services.embedded.settings import EmbeddedSettings

S = TypeVar("S", bound=Settings)

MADE_LATER: Final = {
    "DATABASE_URL": "postgresql://",
    f"{AUTH}SECRET": "made on the first start " * 2,
}
"""Stands in for what is there only when the data folder is open."""


def check(environ: Mapping[str, str]) -> EmbeddedSettings:
    """Return our own settings when those of all services are right too.

    Raises: SettingsInvalid, with all faults of all of them.
    """
    faults: list[str] = []
    settings = _load(EmbeddedSettings, "", environ, faults)
    ours = MADE_LATER | for_auth(settings or EmbeddedSettings())
    for _, prefix, model in GROUPS:
        _load(model, prefix, filled_in(environ, ours), faults)
    if faults or settings is None:
        # A variable that several models read is told of once.
        raise SettingsInvalid(list(dict.fromkeys(faults)))
    return settings


def for_auth(settings: EmbeddedSettings) -> dict[str, str]:
    """Return what follows for auth from our own settings."""
    return {
        f"{AUTH}PUBLIC_URL": settings.address,
        f"{AUTH}ALLOW_PLAIN_HTTP": str(settings.allow_plain_http),
    }


def filled_in(environ: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with `ours` where it says nothing, neither itself nor by a file."""
    given = {name: value for name, value in environ.items() if value}
    return given | {
        name: value
        for name, value in ours.items()
        if name not in given and name + FROM_FILE not in given
    }


def replaced(environ: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with `ours` whatever it says."""
    others = {
        name: value for name, value in environ.items() if name.removesuffix(FROM_FILE) not in ours
    }
    return others | dict(ours)


def _load(model: type[S], prefix: str, environ: Mapping[str, str], faults: list[str]) -> S | None:
    try:
        return load(model, prefix, environ=environ)
    except SettingsInvalid as wrong:
        faults += wrong.faults
        return None
