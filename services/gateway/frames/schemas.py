"""The schemas of `chat.v1`: what a client may say, and what it hears.

Two documents, since they promise different things. What is said is read strictly, so nothing may
come that is not named; what is heard may always be more.

See: docs/protocol.md, sections 2 and 16.
"""

from pydantic import TypeAdapter

from libs.common.contracts import frames as passed_on
from libs.common.contracts import muting
from libs.common.json_schema import Schema, as_heard, document, tidied
from services.gateway.frames import heard
from services.gateway.frames.said import AnyFrame

AnyHeard = (
    heard.Hello
    | heard.Ready
    | heard.RoomJoined
    | heard.Resumed
    | heard.RoomLeft
    | passed_on.Ack
    | heard.Events
    | heard.Pong
    | passed_on.ErrorFrame
    | passed_on.EntryFrame
    | passed_on.RoomAdded
    | passed_on.RoomRemoved
    | muting.Muted
    | passed_on.Receipt
    | passed_on.Presence
    | passed_on.RoomPresence
    | passed_on.Typing
    | heard.RoomHead
    | heard.Gap
    | heard.TokenExpiring
    | heard.Reconnect
)
"""Every frame, in the order of docs/protocol.md. `Acked` and `Refused`, which the gateway says
itself, are `Ack` and `ErrorFrame` on the wire.
"""


def said() -> Schema:
    """Return the schema of a client's frames."""
    adapter: TypeAdapter[AnyFrame] = TypeAdapter(AnyFrame)
    schema = tidied(adapter.json_schema())
    return document(
        "Said",
        "What a client may say: any of these frames. Written by `make docs` from the models in "
        "services/gateway/frames/said.py.",
        schema["$defs"],
        oneOf=schema["oneOf"],
        discriminator=schema["discriminator"],
    )


def heard_by_clients() -> Schema:
    """Return the schema of a server's frames."""
    adapter: TypeAdapter[object] = TypeAdapter(AnyHeard)
    schema = tidied(as_heard(adapter.json_schema(mode="serialization")))
    return document(
        "Heard",
        "What a client hears: any of these frames, and more in a newer release, which it ignores. "
        "Written by `make docs` from the models in services/gateway/frames/heard.py and "
        "libs/common/contracts/frames.py.",
        schema["$defs"],
        anyOf=schema["anyOf"],
    )
