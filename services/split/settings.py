"""The knobs of a process that runs some of the services, and finds the others over the network."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, model_validator

from libs.common.settings import CommaList, Settings

PEER = "PEER_"
EDGE = "EDGE_"


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be http://host:port or https://host:port")
    return url.rstrip("/")


HttpUrl = Annotated[str, AfterValidator(_http)]


def _all_http(urls: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_http(url) for url in urls)


HttpUrls = Annotated[CommaList, AfterValidator(_all_http)]
"""One address or several: requests go to each in turn, and past one that cannot be reached."""


class SplitSettings(Settings):
    """Equal in all processes of one installation."""

    public_url: HttpUrl
    """Where people reach the chat, like https://chat.example.org."""

    allow_plain_http: bool = False
    """Accept a public address without TLS beyond this machine."""

    service_keys_dir: Path = Path("keys")
    """Folder of the keys by which services know each other, made by `python -m services keys`: the
    public ones of all, and the secret ones of those that run here.
    """


class PeerSettings(Settings):
    """Where the insides of the other services are: `PEER_` and the field, in capitals."""

    auth: HttpUrls = ("http://127.0.0.1:9081",)
    """The internal address of auth, or several."""

    rooms: HttpUrls = ("http://127.0.0.1:9082",)
    """The internal address of rooms, or several."""

    messages: HttpUrls = ("http://127.0.0.1:9083",)
    """The internal address of messages, or several."""

    presence: HttpUrls = ("http://127.0.0.1:9084",)
    """The internal address of presence, or several."""

    auth_api: HttpUrls = ("http://127.0.0.1:8081",)
    """The address of auth's API, or several: it publishes the keys that check access tokens."""


class EdgeSettings(Settings):
    """Where a gateway passes requests on that are not its own: `EDGE_` and the field, in capitals.

    All are set or none: without them a proxy in front of the services does this.
    """

    auth: HttpUrls = ()
    """The address of auth's API, or several."""

    rooms: HttpUrls = ()
    """The address of rooms' API, or several."""

    messages: HttpUrls = ()
    """The address of messages' API, or several."""

    presence: HttpUrls = ()
    """The address of presence's API, or several."""

    @property
    def addresses(self) -> dict[str, tuple[str, ...]]:
        """Return the addresses by service: of all four, or none."""
        return {name: urls for name, urls in self if urls}

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        if len(self.addresses) not in (0, len(type(self).model_fields)):
            raise ValueError("set the addresses of all services, or of none")
        return self
