"""One sample of every body that services ask and answer each other with, over internal HTTP."""

from collections.abc import Callable
from typing import Any, Final

from libs.common.contracts.guests import (
    GuestEndingsRequest,
    GuestTokensAnswer,
    GuestTokensRequest,
)
from libs.common.contracts.ids import SessionId
from libs.common.contracts.internal import (
    AttachRequest,
    AttachRequests,
    BlocksAnswer,
    ChosenAnswer,
    OnlineAnswer,
    OnlineRequest,
    PersonOnline,
    RoomOnline,
)
from libs.common.contracts.introspection import (
    Introspected,
    IntrospectionsAnswer,
    IntrospectionsRequest,
)
from libs.common.contracts.people import PersonKind
from tests.contract.names import ALICE, BOB, ROOM

BODIES: Final[dict[str, tuple[bytes, Callable[[bytes], Any], Any]]] = {
    "attach-without-kind": (
        b'{"requests":[{"person_id":"%b","room_id":"%b"}]}'
        % (str(BOB.id).encode(), str(ROOM).encode()),
        AttachRequests.model_validate_json,
        AttachRequests(requests=[AttachRequest(person_id=BOB.id, room_id=ROOM)]),
    ),
    "attach": (
        b'{"requests":[{"person_id":"%b","room_id":"%b","kind":"user"}]}'
        % (str(BOB.id).encode(), str(ROOM).encode()),
        AttachRequests.model_validate_json,
        AttachRequests(requests=[AttachRequest(person_id=BOB.id, room_id=ROOM, kind=BOB.kind)]),
    ),
    "blocks": (
        b'{"blocks":{"%b":["%b"]}}' % (str(BOB.id).encode(), str(ALICE.id).encode()),
        BlocksAnswer.model_validate_json,
        BlocksAnswer(blocks={BOB.id: [ALICE.id]}),
    ),
    "chosen": (
        b'{"chosen":{"%b":"invisible"}}' % str(BOB.id).encode(),
        ChosenAnswer.model_validate_json,
        ChosenAnswer(chosen={BOB.id: "invisible"}),
    ),
    "guest-tokens-asked": (
        b'{"person_id":"%b","name":"Dora","room_id":"%b","max_s":3600.0,"good_until":null,'
        b'"client":"%b"}' % (str(BOB.id).encode(), str(ROOM).encode(), b"0" * 64),
        GuestTokensRequest.model_validate_json,
        GuestTokensRequest(
            person_id=BOB.id,
            name="Dora",
            room_id=ROOM,
            max_s=3_600.0,
            good_until=None,
            client="0" * 64,
        ),
    ),
    "guest-tokens": (
        b'{"person_id":"%b","access_token":"a","refresh_token":"r","expires_in":900}'
        % str(BOB.id).encode(),
        GuestTokensAnswer.model_validate_json,
        GuestTokensAnswer(person_id=BOB.id, access_token="a", refresh_token="r", expires_in=900),
    ),
    "guest-endings-asked": (
        b'{"person_ids":["%b"]}' % str(BOB.id).encode(),
        GuestEndingsRequest.model_validate_json,
        GuestEndingsRequest(person_ids=[BOB.id]),
    ),
    "online-asked-before-show": (
        b'{"room_ids":["%b"]}' % str(ROOM).encode(),
        OnlineRequest.model_validate_json,
        OnlineRequest(room_ids=[ROOM], show=False),
    ),
    "online-asked": (
        b'{"room_ids":["%b"],"show":true}' % str(ROOM).encode(),
        OnlineRequest.model_validate_json,
        OnlineRequest(room_ids=[ROOM], show=True),
    ),
    "online-always-known": (
        b'{"rooms":[{"room_id":"%b","person_ids":["%b"],"count":1}]}'
        % (str(ROOM).encode(), str(BOB.id).encode()),
        OnlineAnswer.model_validate_json,
        OnlineAnswer(rooms=[RoomOnline(room_id=ROOM, person_ids=[BOB.id], count=1, is_known=True)]),
    ),
    "online-with-states": (
        b'{"rooms":[{"room_id":"%b","person_ids":["%b"],"count":1,"is_known":true,"states":'
        b'[{"person_id":"%b","state":"away","status_text":"lunch","rev":7}]}]}'
        % (str(ROOM).encode(), str(BOB.id).encode(), str(BOB.id).encode()),
        OnlineAnswer.model_validate_json,
        OnlineAnswer(
            rooms=[
                RoomOnline(
                    room_id=ROOM,
                    person_ids=[BOB.id],
                    count=1,
                    states=[
                        PersonOnline(person_id=BOB.id, state="away", status_text="lunch", rev=7)
                    ],
                )
            ]
        ),
    ),
    "introspections-asked": (
        b'{"api_tokens":["%b"],"foreign":[]}' % (b"0f" * 32),
        IntrospectionsRequest.model_validate_json,
        IntrospectionsRequest(api_tokens=["0f" * 32]),
    ),
    "introspections": (
        b'{"api_tokens":[{"person_id":"%b","kind":"bot","name":"Robot","session_id":"%b",'
        b'"expires_at":1700000000.0,"scopes":["messages:read"]},null],"foreign":[],'
        b'"takes_foreign":false}' % (str(ALICE.id).encode(), str(ROOM).encode()),
        IntrospectionsAnswer.model_validate_json,
        IntrospectionsAnswer(
            api_tokens=[
                Introspected(
                    person_id=ALICE.id,
                    kind=PersonKind.BOT,
                    name="Robot",
                    session_id=SessionId(ROOM),
                    expires_at=1_700_000_000.0,
                    scopes=["messages:read"],
                ),
                None,
            ],
            foreign=[],
        ),
    ),
    "online": (
        b'{"rooms":[{"room_id":"%b","person_ids":[],"count":0,"is_known":false}]}'
        % str(ROOM).encode(),
        OnlineAnswer.model_validate_json,
        OnlineAnswer(rooms=[RoomOnline(room_id=ROOM, person_ids=[], count=0, is_known=False)]),
    ),
}
"""Bodies of internal calls as a service of this or an older release writes them."""
