"""The rooms that one listens to, and how far each was heard. No I/O and no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from hubbub_client.core import RoomLog
from hubbub_client.frames import Cursor, Frame, Json

LOST: Final = "not_found"
"""Why a room is not to be asked for again."""

AGAIN: Final = ("unavailable", "timeout")
"""Reasons why a room was not resumed that pass by themselves."""


@dataclass(slots=True)
class Rooms:
    """One log for each room."""

    _logs: dict[str, RoomLog] = field(default_factory=dict)
    _told_epochs: dict[str, str] = field(default_factory=dict)

    @property
    def cursors(self) -> dict[str, Cursor]:
        return {room_id: log.cursor for room_id, log in self._logs.items()}

    def resume(self) -> list[Json]:
        """Return the cursors as `auth` and `resume` want them."""
        return [
            {"room_id": room_id, "seq": cursor.seq, "epoch": cursor.epoch}
            for room_id, cursor in self.cursors.items()
        ]

    def log_of(self, room_id: str | None) -> RoomLog | None:
        return self._logs.get(room_id or "")

    def begin_at(self, room_id: str, cursor: Cursor) -> None:
        """Follow a room from a place on, whatever was heard of it before."""
        self._logs[room_id] = RoomLog(cursor)

    def leave(self, room_id: str) -> None:
        self._logs.pop(room_id, None)

    def on_ready(self, frame: Frame) -> None:
        rooms = frame.data.get("rooms", [])
        self._told_epochs = {room["room_id"]: room["epoch"] for room in rooms}

    def on_joined(self, frame: Frame) -> None:
        """Follow a room from its head; one that is followed already goes on where it is."""
        head = Cursor(frame.data["epoch"], frame.data["head_seq"])
        self._logs.setdefault(frame.data["room_id"], RoomLog(head))

    def on_gap(self, frame: Frame) -> None:
        """Go on behind the gap; the last `ready` tells the epoch, for it may be a new one."""
        if (log := self.log_of(frame.room_id)) is not None:
            epoch = self._told_epochs.get(frame.room_id or "", log.cursor.epoch)
            log.skip_to(Cursor(epoch, frame.data["to_seq"]))

    def on_new_epoch(self, room_id: str, cursor: Cursor) -> None:
        if (log := self.log_of(room_id)) is not None:
            log.skip_to(cursor)

    def on_resumed(self, rooms: Iterable[Json]) -> bool:
        """Give up the rooms that are lost; tell whether others must be asked for again."""
        reasons = {room["room_id"]: room.get("reason") for room in rooms}
        for room_id, reason in reasons.items():
            if reason == LOST:
                self.leave(room_id)
        return any(reason in AGAIN for reason in reasons.values())
