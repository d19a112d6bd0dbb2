"""The environment as each service of a process reads it, and a look at all of it before a start.

Some settings that a service alone must be given follow from others of the process: those are
filled in.
"""

from collections.abc import Iterable, Mapping

from libs.common.settings import FROM_FILE, Settings, SettingsInvalid, load

AUTH = "AUTH_"

Group = tuple[str, type[Settings]]
"""A prefix, and the settings that have it."""


def check(groups: Iterable[Group], environ: Mapping[str, str]) -> None:
    """Return when all settings are right.  Raises: SettingsInvalid, with all faults of all."""
    faults: list[str] = []
    for prefix, model in groups:
        try:
            load(model, prefix, environ=environ)
        except SettingsInvalid as wrong:
            faults += wrong.faults
    if faults:
        # A variable that several models read is told of once.
        raise SettingsInvalid(list(dict.fromkeys(faults)))


def for_auth(public_url: str, *, allow_plain_http: bool) -> dict[str, str]:
    """Return what follows for auth from the address at which people reach the chat."""
    return {
        f"{AUTH}PUBLIC_URL": public_url,
        f"{AUTH}ALLOW_PLAIN_HTTP": str(allow_plain_http),
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
