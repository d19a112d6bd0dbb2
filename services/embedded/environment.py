"""A look at the whole environment before a start."""

from collections.abc import Mapping
from typing import Final

from libs.common.settings import SettingsInvalid, load
from services.builders import environment
from services.builders.environment import AUTH, filled_in, for_auth
from services.embedded.groups import GROUPS
from services.embedded.settings import EmbeddedSettings

MADE_LATER: Final = {
    "DATABASE_URL": "postgresql://",
    f"{AUTH}SECRET": "made on the first start " * 2,
}
"""Stands in for what is there only when the data folder is open."""


def check(environ: Mapping[str, str]) -> EmbeddedSettings:
    """Return our own settings when those of all services are right too.

    Raises: SettingsInvalid, with all faults of all of them.
    """
    try:
        settings = load(EmbeddedSettings, "", environ=environ)
    except SettingsInvalid:
        # The look at all of them finds the same faults, and those of others.
        settings = EmbeddedSettings()
    ours = MADE_LATER | filling_in(settings)
    environment.check(((prefix, model) for _, prefix, model in GROUPS), filled_in(environ, ours))
    return settings


def filling_in(settings: EmbeddedSettings) -> dict[str, str]:
    """Return what follows for others from our own settings."""
    return for_auth(settings.address, allow_plain_http=settings.allow_plain_http)
