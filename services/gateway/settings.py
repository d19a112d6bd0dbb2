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
    """Connections from one address that have not said who they are, once half of `authenticating`
    are taken; more hear 503. While places are free one address may take that half: behind it may be
    a proxy with thousands of people, who all come back at once."""

    authenticating: int = Field(default=256, ge=1)
    """Sockets that have not said who they are, in all; more hear 503."""

    resumes_per_s: float = Field(default=500.0, gt=0)
    """People who are greeted per second, most of them to resume; the next ones wait in the order in
    which they came."""

    resume_wait_s: float = Field(default=3.0, ge=0)
    """How long one may wait for that; more people hear 503, or 1013 on an open socket."""

    retry_after_s: float = Field(default=10.0, ge=1)
    """Who is refused because many come is told to come back after 1 s or more, by chance, so that
    not all are back in the same second: the more are refused the later, up to this."""

    failed_auths_per_minute: int = Field(default=10, ge=1)
    """Bad tokens from one address; then it hears 429, or 1013 on an open socket."""

    faults_per_minute: int = Field(default=60, ge=1)
    """Sockets of one address that ended for what they sent: broken frames, nonsense, floods. Then
    its next ones hear 429 until there is room again."""

    frame_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest frame of a client; a larger one closes its socket."""

    auth_frame_bytes: int = Field(default=32 * 1024, ge=1024)
    """Largest frame of a client before it has said who it is: 200 cursors need 17 KB."""

    deflate: bool = False
    """Whether clients may negotiate compressed frames (permessage-deflate). A message is compressed
    once for all of them: half the bytes of a long one, a third of a large answer, for 10 us of CPU
    per KB at most; and 0.3 KB more of memory for each connection."""

    deflate_above_bytes: int = Field(default=1024, ge=64)
    """Frames to clients up to this size are not compressed: it would save next to nothing."""

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

    odd_frames_per_s: float = Field(default=50.0, gt=0)
    """WebSocket frames of one connection that are no whole text, on average: pings, pongs,
    fragments."""

    odd_frames_burst: int = Field(default=500, ge=1)
    """Such frames at once, after a pause; more close the socket with 4429."""

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

    owner_slow_s: float = Field(default=2.0, gt=0)
    """How long the oldest command to the same owner of rooms or people may wait for its answer;
    then the next commands hear `unavailable` at once, but for one a second."""

    commands_unanswered: int = Field(default=20_000, ge=1)
    """Commands of all connections waiting for their answer; more hear `unavailable`."""

    pressure_rise_s: float = Field(default=1.0, gt=0)
    """How long the signs of a level of pressure must last before it is reached."""

    pressure_calm_s: float = Field(default=5.0, gt=0)
    """How long they must be gone before a level is left; longer when it came back soon."""

    loop_late_busy_s: float = Field(default=0.2, gt=0)
    """The event loop runs so late: the gateway is busy."""

    loop_late_overloaded_s: float = Field(default=1.0, gt=0)
    """The event loop runs so late: the gateway is overloaded. Not less than what it takes to let
    many in at once: who refuses them then only has them again later."""

    inbox_wait_busy_s: float = Field(default=0.2, gt=0)
    """What the bus brought waits so long before it is passed on: the gateway is busy."""

    inbox_wait_overloaded_s: float = Field(default=0.5, gt=0)
    """What the bus brought waits so long before it is passed on: the gateway is overloaded."""

    inbox_busy_bytes: int = Field(default=2 * 1024 * 1024, ge=1)
    """So much that the bus brought waits to be passed on: the gateway is busy."""

    inbox_overloaded_bytes: int = Field(default=8 * 1024 * 1024, ge=1)
    """So much that the bus brought waits to be passed on: the gateway is overloaded."""

    answers_wait_busy_s: float = Field(default=1.0, gt=0)
    """The oldest command waits so long for its answer: the gateway is busy, whatever its loop
    says, as its owner is."""

    receipts_held_s: float = Field(default=5.0, gt=0)
    """How often receipts are passed on while the gateway is overloaded."""

    rooms_retold_per_s: float = Field(default=200.0, gt=0)
    """Rooms that are told per second who is there, when presence had to be left out for a while."""

    room_heads_per_s: float = Field(default=500.0, gt=0)
    """Pairs of a person and a room, in which something was written and which the person does not
    listen to, that the messages service is asked about per second; others are told later."""

    publish_timeout_s: float = Field(default=5.0, gt=0)
    """How long the bus may take to accept a batch of commands."""

    linger_ms: float = Field(default=0.0, ge=0, le=20)
    """How long commands wait for company when many come; 1 or 2 save CPU and cost as much time."""

    polls_held: int = Field(default=5_000, ge=1)
    """Polls and streams that wait at once; more hear 503. About 40 KB of memory each."""

    polls_per_person: int = Field(default=10, ge=1)
    """Polls and streams of one person that wait at once; for one more the oldest is answered."""

    polls_per_s: float = Field(default=20.0, gt=0)
    """Polls and streams that one person begins, on average; more hear 429."""

    polls_burst: int = Field(default=60, ge=1)
    """Polls and streams that one person begins at once, after a pause."""

    poll_max_s: float = Field(default=25.0, gt=0, le=25)
    """How long a poll may wait: less than proxies give it. A client may ask for less."""

    poll_body_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest body of a poll: 200 cursors need 30 KB at most."""

    poll_answer_bytes: int = Field(default=256 * 1024, ge=1024)
    """Frames after which the answer to a poll ends and says that there is more. It may be larger by
    what one outbox holds."""

    stream_max_s: float = Field(default=300.0, gt=0)
    """How long a stream lasts before its client is sent to begin anew."""

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
