"""What an operator may turn in rooms. Variables are named `ROOMS_` and the field, in capitals."""

from pydantic import Field

from libs.common.settings import Settings

PREFIX = "ROOMS_"

DAY_S = 86_400


class RoomsSettings(Settings):
    host: str = "127.0.0.1"
    """Address of the API."""

    port: int = Field(default=8082, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    internal_host: str = "127.0.0.1"
    """Address for other services, probes and Prometheus."""

    internal_port: int = Field(default=9082, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    rooms_per_owner: int = Field(default=200, ge=1)
    """Public and private rooms that one person may own."""

    direct_per_person: int = Field(default=1_000, ge=1)
    """Direct and group rooms that one person may begin."""

    members_per_room: int = Field(default=10_000, ge=2)
    """Members of one room; nobody comes in beyond."""

    people_per_group: int = Field(default=20, ge=2, le=100)
    """People in one group room, the one who begins it included."""

    delete_grace_s: int = Field(default=30 * DAY_S, ge=0)
    """How long a deleted room stays in the database before it is purged."""

    idempotency_keep_s: int = Field(default=DAY_S, ge=60)
    """How long a repeated Idempotency-Key finds the room that it made."""

    purge_every_s: float = Field(default=600.0, gt=0)
    """How often deleted rooms and old keys are looked for."""

    purge_batch: int = Field(default=100, ge=1)
    """Rooms that are purged in one transaction."""

    rename_batch: int = Field(default=100, ge=1)
    """Rooms that hear of a person's new name in one transaction."""

    writes_per_minute: int = Field(default=300, ge=1)
    """Changes to rooms and their members that one person may ask for, in the long run."""

    writes_burst: int = Field(default=600, ge=1)
    """Changes to rooms and their members that one person may ask for at once."""

    publish_timeout_s: float = Field(default=5.0, gt=0, le=8)
    """How long the bus may take to accept what changed in rooms before it is sent again. A
    transaction waits for it, so it is shorter than Postgres lets one be idle.
    """

    tell_timeout_s: float = Field(default=1.0, gt=0)
    """How long an answer waits until messages has heard of the change; it is told in any case."""
