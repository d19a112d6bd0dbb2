"""A room of its own for each case: Alice owns it, Bob is in it, Charlie is not yet."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hubbub_client.frames import Frame, Json, Refused, event_in
from tests.chaos.changes import Done, Heard, Shown, judge
from tests.chaos.crashes.person import Person
from tests.chaos.crashes.settled import settled

HEARD_S: Final = 20.0
"""How long everybody may take to hear all. A lost event is noticed within six seconds, and somebody
may have to start before it can be read.
"""

LOOK_S: Final = 0.02


@dataclass(slots=True)
class Scene:
    """One room and all that was done in it, in the names of `called`.

    `message_id` is the first message of Alice's, `since` the place behind which somebody listens,
    `out` the entry that took them out.
    """

    called: str
    alice: Person
    bob: Person
    charlie: Person
    room_id: str = ""
    message_id: str = ""
    is_gone: bool = False
    done: list[Done] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    out: dict[str, int] = field(default_factory=dict)

    async def begin(self) -> None:
        """Connect all; let Alice make the room, Bob come in, and Alice say something."""
        for person in (self.alice, self.bob, self.charlie):
            await person.connect()
        await self.make_room(self.called)
        await self.bob.call("POST", f"/v1/rooms/{self.room_id}/join")
        await self.enter(self.bob)
        await self.say("first")
        await self.all_heard()

    async def make_room(self, title: str) -> None:
        """Let Alice make a room and go on there."""
        body = {"kind": "public", "title": title}
        room = await self.alice.call("POST", "/v1/rooms", body, title)
        self.room_id, self.message_id = room["id"], ""
        self.done, self.since = [], {}
        await self.enter(self.alice)

    async def enter(self, person: Person) -> None:
        """Note that somebody has come in, and let them listen."""
        self.note("member_joined", {"person": {"id": person.id}})
        self.since[person.name] = await person.attend(self.room_id)

    def note(self, type_: str, says: Json, seq: int | None = None) -> None:
        """Note a change that was acknowledged."""
        self.done.append(Done(type_, says, seq))

    async def say(self, word: str, *, who: Person | None = None) -> None:
        """Let somebody, as a rule Alice, say something."""
        speaker = who or self.alice
        one = f"{self.called}-{word}"
        sent = await settled(lambda: speaker.client.send(self.room_id, one, client_msg_id=one))
        self.note("message", {"client_msg_id": one}, sent.seq)
        self.message_id = self.message_id or sent.message_id

    async def all_heard(self, *, within_s: float = HEARD_S) -> bool:
        """Wait until every member has heard all that was done; False if it takes too long."""
        give_up_at = time.monotonic() + within_s
        # No event tells when the last client has caught up.
        while not (is_heard := all(map(self._has_heard, self._present()))):
            if time.monotonic() >= give_up_at:
                break
            await asyncio.sleep(LOOK_S)
        return is_heard

    async def breaches(self) -> list[str]:
        """Return what is wrong with the room, as far as its members and HTTP can tell."""
        heard = {
            person.name: Heard(
                self.since[person.name],
                person.heard.get(self.room_id, []),
                self.out.get(person.name),
            )
            for person in self._present()
        }
        shown = await (self._shown_no_more() if self.is_gone else self._shown())
        return judge(self.done, heard, shown)

    def _present(self) -> Iterator[Person]:
        return (one for one in (self.alice, self.bob, self.charlie) if one.name in self.since)

    def _has_heard(self, person: Person) -> bool:
        heard = person.heard.get(self.room_id, [])
        last = heard[-1].seq if heard else self.since[person.name]
        return (last or 0) >= self.out.get(person.name, len(self.done))

    async def _shown(self) -> Shown:
        room = f"/v1/rooms/{self.room_id}"
        return Shown(
            log=list(map(event_in, (await self.alice.call("GET", f"{room}/events"))["items"])),
            messages=(await self.alice.call("GET", f"{room}/messages"))["items"],
            members=(await self.alice.call("GET", f"{room}/members"))["items"],
            room=await self.alice.call("GET", room),
        )

    async def _shown_no_more(self) -> Shown:
        """Return what members must have heard of a room that nobody can look into any more."""
        try:
            await self.alice.call("GET", f"/v1/rooms/{self.room_id}/events")
        except Refused as refusal:
            if refusal.code != "not_found":
                raise
        else:
            raise AssertionError("a deleted room can be read")
        log = [Frame(one.type, one.says, seq=seq) for seq, one in enumerate(self.done, 1)]
        return Shown(log=log, messages=[], members=[], room={})
