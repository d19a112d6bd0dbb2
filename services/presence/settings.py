"""What an operator may turn in presence: `PRESENCE_` and the field, in capitals."""

from pydantic import Field

from libs.common.settings import Settings

PREFIX = "PRESENCE_"


class PresenceSettings(Settings):
    host: str = "127.0.0.1"
    """Address of the API."""

    port: int = Field(default=8084, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    internal_host: str = "127.0.0.1"
    """Address for other services, probes and Prometheus."""

    internal_port: int = Field(default=9084, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    lease_s: float = Field(default=45.0, gt=0)
    """How long a connection counts without being renewed: so long after a crash somebody looks
    online who is gone. Gateways renew more often than twice in this time."""

    close_grace_s: float = Field(default=3.0, ge=0)
    """How long a person who closed the last connection stays online: reloading a page is not
    leaving."""

    expire_interval_s: float = Field(default=1.0, gt=0)
    """How often leases that ran out are looked for."""

    last_seen_flush_s: float = Field(default=5.0, gt=0)
    """How often the times at which people were last seen are written down, all in one statement."""

    publish_timeout_s: float = Field(default=5.0, gt=0)
    """How long the bus may take to accept a batch of changes."""

    answer_timeout_s: float = Field(default=5.0, gt=0)
    """How long a request waits until its change of state is done."""

    shown_people: int = Field(default=100, ge=1)
    """How many of the people in a room are listed by name; the number counts all."""
