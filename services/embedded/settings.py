"""The knobs of the embedded shape. They have no prefix: they are the ones people turn first."""

from ipaddress import ip_address
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from libs.common.settings import Settings


class EmbeddedSettings(Settings):
    port: int = Field(default=8000, ge=0, le=65535)
    """Port of the page, the API and the sockets; 0 takes any free one."""

    host: str = "127.0.0.1"
    """Address to listen on. Beyond this machine it needs TLS in front, or ALLOW_PLAIN_HTTP."""

    internal_port: int = Field(default=0, ge=0, le=65535)
    """Port of this machine for probes and Prometheus; 0 takes any free one."""

    public_url: str = ""
    """Where people reach the chat, when that is not http://HOST:PORT."""

    allow_plain_http: bool = False
    """Serve other machines without TLS: passwords and messages then travel readable."""

    data_dir: Path = Path("data")
    """Folder in which everything is kept."""

    database_url: SecretStr | None = None
    """A Postgres of your own, version 15 or newer, as a role that may make schemas and roles; not
    set, Hubbub starts its own.
    """

    database_start_timeout_s: float = Field(default=60.0, gt=0)
    """How long our own Postgres may take to start."""

    @property
    def address(self) -> str:
        """Return where people reach the chat."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @model_validator(mode="after")
    def _plain_http_is_wanted(self) -> Self:
        if not (is_this_machine(self.host) or self.allow_plain_http or self.public_url):
            raise ValueError(
                f"HOST={self.host} lets other machines in without TLS: put a TLS proxy in front "
                "and set PUBLIC_URL=https://..., or set ALLOW_PLAIN_HTTP=true"
            )
        return self


def is_this_machine(host: str) -> bool:
    """Tell whether only this very machine can reach `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
