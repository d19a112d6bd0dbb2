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

    expire_interval_s: float = Field(default=0.5, gt=0)
    """How often leases that ran out are looked for. With `close_grace_s`, `small_window_s` and
    `tell_interval_s` it adds up to the 5 s within which whoever left is offline in small rooms."""

    settle_s: float = Field(default=3.0, gt=0)
    """How long gateways have to name themselves after a start, and how often they are asked to
    report all leases again until they have. Before that nobody is said to be offline, or not there;
    after `lease_s` it is over in any case."""

    small_window_s: float = Field(default=1.0, gt=0)
    """How often a room with few people is told of changes, after the first, which it is told at
    once."""

    large_window_s: float = Field(default=5.0, gt=0)
    """The same with many people: each change costs a frame for each of them."""

    small_room_people: int = Field(default=50, ge=0)
    """How many are there in a room with few people, at most."""

    named_people: int = Field(default=1_000, ge=1)
    """How many may be there in a room that is told who they are; beyond it is told their number. A
    frame that lists as many takes about 100 KB."""

    tell_interval_s: float = Field(default=0.2, gt=0)
    """How often rooms are looked for whose window is over: so much later they may be told."""

    shown_per_s: float = Field(default=10_000.0, gt=0)
    """How many people are listed in a second, in all rooms, when these are told of everybody who is
    there: all of them after a start. About 100 bytes each, for every connection in their room."""

    last_seen_flush_s: float = Field(default=5.0, gt=0)
    """How often the times at which people were last seen are written down, all in one statement."""

    publish_timeout_s: float = Field(default=5.0, gt=0)
    """How long the bus may take to accept a batch of changes."""

    answer_timeout_s: float = Field(default=5.0, gt=0)
    """How long a request waits until its change of state is done."""

    shown_people: int = Field(default=100, ge=1)
    """How many of the people in a room are listed by name; the number counts all."""
