"""Somebody who spoke in the room is erased: what they said is emptied by commands that nobody says.

Messages sends them to itself, one for each message, while auth asks it until it is done.
"""

from typing import Final

from tests.chaos.crashes.acts import Act, register
from tests.chaos.crashes.scene import Scene
from tests.chaos.crashes.settled import settled
from tests.support.receipts import check_receipts
from tests.support.waiting import eventually

SIGNING: Final = frozenset({"auth", "rooms", "messages", "presence"})

ERASED_S: Final = 60.0
"""How long it may take until all services have signed; one of them has to start meanwhile."""


async def come_and_speak(scene: Scene) -> None:
    """Let somebody come in Charlie's place who can be spared, and say something."""
    await register(scene)
    one = f"{scene.called}-spared"
    client = scene.charlie.client
    sent = await settled(lambda: client.send(scene.room_id, one, client_msg_id=one))
    # Its `client_msg_id` will not be there any more.
    scene.note("message", {"id": sent.message_id}, sent.seq)


async def erase(scene: Scene) -> None:
    """Have them erased, and return once every service has signed that nothing is left."""
    gone, spoken = scene.charlie, scene.done[-1].says
    del scene.since[gone.name]
    begun = await gone.call("DELETE", "/v1/me")
    done = await eventually(
        lambda: scene.alice.call("GET", f"/v1/erasures/{begun['erasure_id']}"),
        lambda erasure: erasure["state"] == "done",
        within_s=ERASED_S,
    )
    check_receipts(done, of=SIGNING)
    nameless = {"id": gone.id, "name": "Deleted user"}
    scene.note("member_updated", {"person": nameless})
    scene.note("member_left", {"person": nameless})
    scene.note("message_deleted", {"id": spoken["id"], "author": nameless})


BY_ITSELF: Final = {"erase": Act("erase", erase, prepare=come_and_speak)}
