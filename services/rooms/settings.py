"""What an operator may turn in rooms. Variables are named `ROOMS_` and the field, in capitals."""

from pydantic import Field, SecretStr

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

    secret: SecretStr | None = Field(default=None, min_length=32)
    """Makes the codes of invitations, so that admins can see them again: 32 random characters or
    more. Without it codes are shown only once; with another one, those made before are not shown.
    """

    rooms_per_owner: int = Field(default=200, ge=1)
    """Public and private rooms that one person may own."""

    direct_per_person: int = Field(default=1_000, ge=1)
    """Direct and group rooms that one person may begin."""

    direct_per_hour: int = Field(default=60, ge=1)
    """Direct and group rooms that one person may begin within an hour: who wants to write to
    everybody does not get to all at once.
    """

    members_per_room: int = Field(default=10_000, ge=2)
    """Members of one room; nobody comes in beyond."""

    people_per_group: int = Field(default=20, ge=2, le=100)
    """People in one group room, the one who begins it included."""

    blocks_per_person: int = Field(default=1_000, ge=1)
    """People whom one person may block."""

    invites_per_room: int = Field(default=100, ge=1)
    """Invitations to one room that are good at the same time."""

    invite_looks_per_minute: int = Field(default=30, ge=1)
    """Invitations that one person may look at or accept, in the long run."""

    invite_looks_burst: int = Field(default=60, ge=1)
    """Invitations that one person may look at or accept at once."""

    joins_per_minute: int = Field(default=300, ge=1)
    """Newcomers to one room within a minute; one more shuts its door for a while."""

    joins_of_one_per_minute: int = Field(default=30, ge=1)
    """Times that one person may join the same room, in the long run."""

    joins_of_one_burst: int = Field(default=60, ge=1)
    """Times that one person may join the same room at once. Together with the one before, and with
    invitations, less than the newcomers that shut a door.
    """

    flood_lock_s: int = Field(default=300, ge=1)
    """How long a door stays shut that was shut by a flood of newcomers."""

    sanctions_keep_s: int = Field(default=30 * DAY_S, ge=0)
    """How long bans, mutes and invitations that are over stay in the database."""

    delete_grace_s: int = Field(default=30 * DAY_S, ge=0)
    """How long a deleted room stays in the database before it is purged."""

    idempotency_keep_s: int = Field(default=DAY_S, ge=60)
    """How long a repeated Idempotency-Key finds the room that it made."""

    schedule_every_s: float = Field(default=5.0, gt=0, le=60)
    """How long the schedule sleeps at most: hours that another instance set meanwhile are told late
    by as much."""

    schedule_again_s: float = Field(default=0.2, gt=0)
    """How soon the schedule looks again at a room that somebody else held when it was due."""

    schedule_batch: int = Field(default=100, ge=1)
    """Rooms that are opened or closed in one transaction."""

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

    allow_guest_rooms: bool = True
    """Whether people may make guest rooms, which let in whoever has the link. Those that are there
    when this is turned off stay as they are.
    """

    guest_idle_s: int = Field(default=1_800, ge=60)
    """How long a guest stays in a room who fetches no tokens; then the alias is free again. A
    client that is there fetches some before its access token ends, every quarter of an hour.
    """

    guest_session_max_s: int = Field(default=DAY_S, ge=300)
    """How long a guest stays at most, in a room that does not close before."""

    guest_looks_per_minute: int = Field(default=120, ge=1)
    """Guest rooms that one network may look at, and tokens that its guests may fetch there, in the
    long run.
    """

    guest_looks_burst: int = Field(default=600, ge=1)
    """Guest rooms that one network may look at at once: a class may share an address."""

    guest_joins_per_minute: int = Field(default=30, ge=1)
    """Guests that may come in from one network, in the long run."""

    guest_joins_burst: int = Field(default=200, ge=1)
    """Guests that may come in from one network at once."""

    guest_free_tries: int = Field(default=20, ge=1)
    """Wrong passwords of one guest room from one network before that network rests after each."""

    guest_first_rest_s: float = Field(default=1.0, gt=0)
    """How long a network rests first; each wrong password doubles it."""

    guest_max_rest_s: float = Field(default=300.0, gt=0)
    """How long a network rests at most."""

    guest_forget_tries_s: float = Field(default=3_600.0, gt=0)
    """After how long without a wrong password the count starts anew."""

    guest_tries_per_minute: int = Field(default=60, ge=1)
    """Wrong passwords of one guest room from anywhere, in the long run."""

    guest_tries_burst: int = Field(default=600, ge=1)
    """Wrong passwords of one guest room from anywhere at once, those counted that are still being
    looked at.
    """

    guest_hash_memory_kib: int = Field(default=19 * 1024, ge=19 * 1024)
    """Memory of one hash of a guest room's password (argon2id), in KiB. The floor is what OWASP
    advises.
    """

    guest_hash_passes: int = Field(default=2, ge=2)
    """Passes over that memory."""

    guest_hash_threads: int = Field(default=1, ge=1)
    """Passwords of guest rooms hashed at once; each holds the memory of one hash."""

    guest_hash_queue: int = Field(default=256, ge=1)
    """Passwords being hashed or waiting for it; more are refused with `unavailable`."""

    guest_hash_timeout_s: float = Field(default=5.0, gt=0)
    """How long somebody at the door waits for their hash."""

    guest_endings_poll_s: float = Field(default=1.0, gt=0)
    """How long auth may wait to hear of a guest whom another instance ended when it died: tokens
    are void everywhere within two seconds.
    """

    guest_sweep_every_s: float = Field(default=30.0, gt=0)
    """How often guests are looked for who have gone without a word."""

    guest_batch: int = Field(default=100, ge=1, le=1_000)
    """Guests that are ended or shut out in one turn."""
