"""Settles on a port before anybody is told an address with it: links name it, and origins do."""

import socket
from typing import Final

from services.embedded.settings import EmbeddedSettings

ANY: Final = 0


def settled(settings: EmbeddedSettings) -> EmbeddedSettings:
    """Return the settings with a port that is free now, where they ask for any.

    Somebody may take it before we do, and `host` may be no address of this machine: the start,
    which opens it, says so.
    """
    if settings.port != ANY:
        return settings
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.create_server((settings.host, ANY), family=family) as listener:
            port: int = listener.getsockname()[1]
    except OSError:
        return settings
    return settings.model_copy(update={"port": port})
