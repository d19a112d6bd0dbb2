"""What an operator may turn in messages: `MESSAGES_` and the field, in capitals."""

from typing import Self

from pydantic import Field, model_validator

from libs.common.settings import Settings

PREFIX = "MESSAGES_"


class MessagesSettings(Settings):
    host: str = "127.0.0.1"
    """Address of the API."""

    port: int = Field(default=8083, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    internal_host: str = "127.0.0.1"
    """Address for other services, probes and Prometheus."""

    internal_port: int = Field(default=9083, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    content_chars: int = Field(default=4_000, ge=1, le=100_000)
    """Longest message, in characters (code points)."""

    content_bytes: int = Field(default=16 * 1024, ge=1, le=200 * 1024)
    """Longest message, in bytes of UTF-8."""

    mentions_per_message: int = Field(default=50, ge=0, le=500)
    """How many people one message may mention."""

    same_text_times: int = Field(default=5, ge=0, le=1_000)
    """How often one person may say the same in one room within `same_text_window_s`, whatever its
    case and the spaces around it; 0: as often as they like.
    """

    same_text_window_s: float = Field(default=60.0, gt=0, le=86_400)
    """For how long what somebody said counts as the same said again."""

    mentions_per_minute: int = Field(default=100, ge=0, le=10_000)
    """How many mentions one person may make in one room within a minute; 0: as many as they like.
    """

    links_per_minute: int = Field(default=60, ge=0, le=10_000)
    """How many links one person may write in one room within a minute; 0: as many as they like."""

    habits_remembered: int = Field(default=100_000, ge=1)
    """How many texts, people who mention others, and people who write links are remembered for
    that; the oldest is forgiven. Some 250 bytes each.
    """

    emoji_per_person: int = Field(default=20, ge=1, le=100)
    """How many different emoji one person may put on one message."""

    room_sends_per_s: float = Field(default=30.0, gt=0)
    """Messages that all members of one room together may send per second, in the long run."""

    room_sends_burst: int = Field(default=60, ge=1)
    """Messages that all members of one room together may send at once."""

    erase_entries: int = Field(default=5_000, ge=1, le=50_000)
    """Entries of the log that are looked through at once for somebody who is erased: some 20 ms, in
    which nobody else writes to the rooms in which they are found.
    """

    erase_words: int = Field(default=50, ge=1, le=500)
    """Messages, and as many reactions, that are taken back at once of somebody who is erased: those
    who listen have room for some hundreds of events, and others want to write meanwhile.
    """

    erase_turn_s: float = Field(default=1.0, ge=0, lt=2.5)
    """After how long a turn of erasing begins nothing more; shorter than auth waits for it."""

    purge_interval_s: float = Field(default=10.0, gt=0)
    """How often it is looked whether a room is gone for good and everything in it with it."""

    purge_rows: int = Field(default=1_000, ge=1, le=50_000)
    """Rows of such a room that are taken away at once: some 10 ms; then others have a turn."""

    transcripts_per_minute: int = Field(default=6, ge=1)
    """Transcripts of rooms that one person may take, in the long run and at once."""

    reports_per_hour: int = Field(default=30, ge=1)
    """Messages that one person may report, in the long run and at once."""

    write_rounds: int = Field(default=5, ge=2)
    """How often one batch is decided anew because another instance wrote to one of its rooms
    meanwhile, before the batch waits a little.
    """

    cache_rooms: int = Field(default=10_000, ge=1)
    """Rooms remembered between batches; the one not used for the longest time is forgotten."""

    cache_members: int = Field(default=1_000, ge=1)
    """People remembered per room; a room of which more are active is read anew."""

    aside_s: float = Field(default=0.5, gt=0)
    """How long the commands of somebody who is not known as a member wait for the news of their
    joining.
    """

    aside_people: int = Field(default=1_000, ge=0)
    """People whose commands may wait that way at once; others hear `unavailable`."""

    absence_s: float = Field(default=2.0, ge=0.1)
    """How long it is believed what rooms said of somebody who is not known as a member."""

    absences: int = Field(default=10_000, ge=1)
    """Of how many people that is remembered; the oldest is forgotten."""

    publish_timeout_s: float = Field(default=5.0, gt=0)
    """How long the bus may take over answers and events before they are published again."""

    publish_bytes: int = Field(default=256 * 1024, ge=32 * 1024)
    """Size at which answers and events are spread over several messages of the bus."""

    receipt_interval_s: float = Field(default=1.0, gt=0)
    """How often a person's new read cursor in a room is told to the others, at most."""

    receipts_waiting: int = Field(default=50_000, ge=1)
    """Read cursors that may wait to be told; beyond it the oldest is not told live."""

    head_interval_s: float = Field(default=5.0, gt=0)
    """How often gateways are told how far the rooms go in which something was written."""

    head_window_s: float = Field(default=10.0, gt=0)
    """For how long after an entry its room is among them; at least two intervals."""

    heads_waiting: int = Field(default=100_000, ge=1)
    """Rooms remembered for that; beyond it the one written to longest ago is left out."""

    look_s: float = Field(default=1.0, gt=0)
    """How often an instance renews its claim to be one of those among whom the shards are shared,
    and looks who the others are.
    """

    claim_lease_s: float = Field(default=5.0, gt=0)
    """An instance that has not renewed its claim for so long is not counted any more; longer than
    `look_s` and `hand_over_s` together.
    """

    settle_s: float = Field(default=5.0, ge=0)
    """How long the number of instances must not change before shards change hands because of it; an
    instance that is started again within that time finds its shards as they were.
    """

    standby_s: float = Field(default=3.0, ge=0)
    """How much later than its owner an instance begins to stand by for a shard."""

    hand_over_s: float = Field(default=3.0, gt=0)
    """How long what is in hand may take before a hand-over is tried again later."""

    writes_per_minute: int = Field(default=600, ge=1)
    """Messages, changes and reactions over HTTP that one person may ask for, in the long run."""

    writes_burst: int = Field(default=1000, ge=1)
    """Messages, changes and reactions over HTTP that one person may ask for at once."""

    answer_timeout_s: float = Field(default=5.0, gt=0)
    """How long an HTTP request waits for its command to be obeyed."""

    rooms_listed: int = Field(default=200, ge=1, le=1_000)
    """Rooms that a connection hears of when it begins, the most recently active first."""

    unread_max: int = Field(default=100, ge=1, le=1_000)
    """Unread messages and mentions are counted up to here."""

    unread_scan: int = Field(default=1_000, ge=1, le=10_000)
    """How many of the newest messages are looked through for unread ones, one's own included."""

    @model_validator(mode="after")
    def _claims_outlive_a_round(self) -> Self:
        if self.claim_lease_s <= self.look_s + self.hand_over_s:
            raise ValueError(
                f"{PREFIX}CLAIM_LEASE_S must be longer than {PREFIX}LOOK_S and"
                f" {PREFIX}HAND_OVER_S together"
            )
        return self
