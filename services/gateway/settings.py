"""Every knob of the gateway. A name in capitals with the prefix `GATEWAY_` is its variable.

Limits that `hello.limits` tells to clients have the same words there.
"""

from pathlib import Path

from pydantic import Field

from libs.common.settings import CommaList, Settings

PREFIX = "GATEWAY_"


class GatewaySettings(Settings):
    host: str = "127.0.0.1"
    """Address that people reach: sockets, the API and the web client."""

    port: int = Field(default=8080, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    internal_host: str = "127.0.0.1"
    """Address for probes and Prometheus."""

    internal_port: int = Field(default=9080, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    web_root: Path = Path("clients/web/dist")
    """Folder of the built web client; when it is missing no pages are served."""

    origins: CommaList = ()
    """Web origins, besides our own, whose pages may open a socket: https://chat.example.org."""

    max_connections: int = Field(default=20_000, ge=1)
    """Open sockets; more hear 503. About 12 KB of memory each."""

    connections_per_person: int = Field(default=10, ge=1)
    """Sockets of one person at this gateway; one more closes the oldest."""

    unauthenticated_per_address: int = Field(default=20, ge=1)
    """Connections from one address that have not said who they are; more hear 429."""

    authenticating: int = Field(default=256, ge=1)
    """Sockets that have not said who they are, in all; more hear 503."""

    failed_auths_per_minute: int = Field(default=10, ge=1)
    """Bad tokens from one address; then it hears 429, or 1013 on an open socket."""

    frame_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest frame of a client; a larger one closes its socket."""

    auth_frame_bytes: int = Field(default=32 * 1024, ge=1024)
    """Largest frame of a client before it has said who it is: 200 cursors need 17 KB."""

    content_chars: int = Field(default=4_000, ge=1)
    """Longest message, in code points."""

    content_bytes: int = Field(default=16 * 1024, ge=1)
    """Longest message, in bytes of UTF-8."""

    rooms_attached: int = Field(default=200, ge=1, le=1000)
    """Rooms that one connection may listen to."""

    in_flight: int = Field(default=64, ge=1)
    """Commands of one connection waiting for their answer; while so many wait nothing is read."""

    command_timeout_s: float = Field(default=10.0, gt=0)
    """How long a command may wait for its answer before the client hears `timeout`."""

    commands_per_s: float = Field(default=40.0, gt=0)
    """Commands of one connection, on average."""

    commands_burst: int = Field(default=80, ge=1)
    """Commands of one connection at once, after a pause."""

    sends_per_s: float = Field(default=5.0, gt=0)
    """Messages of one person over all connections to this gateway, on average."""

    sends_burst: int = Field(default=10, ge=1)
    """Messages of one person at once, after a pause."""

    room_sends_per_s: float = Field(default=30.0, gt=0)
    """Messages in one room; told to clients, held by the messages service."""

    room_sends_burst: int = Field(default=60, ge=1)
    """Messages in one room at once; told to clients, held by the messages service."""

    reactions_per_s: float = Field(default=5.0, gt=0)
    """Reactions of one connection, on average; twice as many at once."""

    reads_per_s: float = Field(default=5.0, gt=0)
    """Read marks of one connection, on average; four times as many at once."""

    joins_per_s: float = Field(default=20.0, gt=0)
    """Rooms that one connection joins, on average; ten times as many at once."""

    typing_interval_ms: int = Field(default=2_000, ge=1)
    """Least time between two `typing` frames of one connection for one room."""

    typing_expires_ms: int = Field(default=6_000, ge=1)
    """How long somebody is typing who does not say so again."""

    replay_events_per_room: int = Field(default=500, ge=1)
    """Missed events that are replayed to one connection for one room; more are a `gap`."""

    replay_events: int = Field(default=2_000, ge=1)
    """Missed events that are replayed to one connection at once for all its rooms."""

    sync_limit: int = Field(default=200, ge=1, le=200)
    """Events that one `sync` may ask for."""

    backlog_frames: int = Field(default=512, ge=1)
    """Frames waiting for one slow reader; one more closes its socket with 4410."""

    backlog_states: int = Field(default=2_048, ge=1)
    """People's presence and read marks, each in its newest state, waiting for one slow reader; one
    more closes its socket with 4410. More than come in `backlog_age_s` when all return at once."""

    backlog_bytes: int = Field(default=1024 * 1024, ge=1024)
    """Bytes waiting for one slow reader; more close its socket with 4410."""

    backlog_age_s: float = Field(default=10.0, gt=0)
    """How long a reader may take nothing before its socket is closed with 4410."""

    socket_buffer_bytes: int = Field(default=64 * 1024, ge=4096)
    """What the kernel holds for one reader; the default of most systems hides megabytes."""

    write_buffer_bytes: int = Field(default=64 * 1024, ge=4096)
    """What the process holds for one reader beyond that, before it stops writing."""

    first_byte_timeout_s: float = Field(default=30.0, gt=0)
    """How long a new connection may stay silent."""

    head_timeout_s: float = Field(default=5.0, gt=0)
    """How long the head of a connection's first request may take from its first byte."""

    head_bytes: int = Field(default=8 * 1024, ge=1024)
    """Largest head of a connection's first request."""

    auth_timeout_s: float = Field(default=5.0, gt=0)
    """How long a client may take to say who it is after `hello`."""

    heartbeat_s: float = Field(default=25.0, gt=0)
    """How often a client is pinged, give or take a tenth."""

    pong_timeout_s: float = Field(default=10.0, gt=0)
    """How long a pinged client may take to be heard of."""

    close_timeout_s: float = Field(default=5.0, gt=0)
    """How long a client may take to close its end before the connection is reset."""

    token_warning_s: float = Field(default=60.0, gt=0)
    """How long before its token expires a client is told."""

    max_age_s: float = Field(default=86_400.0, gt=0)
    """How long a socket lives, give or take a tenth, before its client is sent to connect anew."""

    lease_renew_s: float = Field(default=20.0, gt=0)
    """How often the presence service is told that a connection still lives."""

    leases_per_s: float = Field(default=2_000.0, gt=0)
    """How many leases are reported per second when presence has started anew and asks for all."""

    drain_window_s: float = Field(default=15.0, ge=0)
    """Over how long clients are sent away when the process stops, at most."""

    drain_per_s: float = Field(default=160.0, gt=0)
    """How many clients are sent away per second then: few clients make it short."""

    drain_finish_s: float = Field(default=5.0, gt=0)
    """How long commands in flight may take when a client is sent away."""

    publish_timeout_s: float = Field(default=5.0, gt=0)
    """How long the bus may take to accept a batch of commands."""

    linger_ms: float = Field(default=0.0, ge=0, le=20)
    """How long commands wait for company when many come; 1 or 2 save CPU and cost as much time."""

    ask_timeout_s: float = Field(default=5.0, gt=0)
    """How long the messages service may take to answer a question."""

    online_timeout_s: float = Field(default=1.0, gt=0)
    """How long a join or a greeting waits for the presence service, before it goes on without and
    says that it is not known who is there."""

    online_retry_s: float = Field(default=2.0, gt=0)
    """How often presence is asked to tell rooms who is there, when they were told that it is not
    known."""

    ranges_in_flight: int = Field(default=4, ge=1)
    """Calls for ranges of rooms' logs that are out at once; who wants more shares the next."""
