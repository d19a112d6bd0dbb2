"""Which offers of permessage-deflate are taken, and with what answer."""

import pytest
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from libs.common.errors import Malformed
from services.gateway.connection.handshake import DEFLATE, accept
from services.gateway.core.forms import deflated

HEADERS = {
    "Host": "chat.example",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
ANSWER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"


def answer_to(offer: str, *, is_on: bool = True) -> str | None:
    """Return what the handshake answers to an offer of extensions."""
    wire = ServerProtocol(extensions=DEFLATE if is_on else None)
    request = Request("/v1/ws", Headers(HEADERS | {"Sec-WebSocket-Extensions": offer}))
    return accept(wire, request).headers.get("Sec-WebSocket-Extensions")


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=9, permessage-deflate",
        "permessage-deflate; unheard_of, permessage-deflate",
        "permessage-deflate, permessage-deflate",
    ],
)
def test_an_offer_is_taken_without_a_context_on_either_side(offer: str) -> None:
    assert answer_to(offer) == ANSWER


@pytest.mark.parametrize(
    ("offer", "added"),
    [
        ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15"),
        ("permessage-deflate; client_max_window_bits=9", "; client_max_window_bits=9"),
    ],
)
def test_a_window_that_we_can_keep_is_confirmed(offer: str, added: str) -> None:
    assert answer_to(offer) == ANSWER + added


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=14",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits=9; client_max_window_bits=9",
        "permessage-bzip2",
    ],
)
def test_an_offer_that_cannot_be_kept_is_passed_over(offer: str) -> None:
    assert answer_to(offer) is None


def test_nothing_is_negotiated_unless_an_operator_wants_it() -> None:
    assert answer_to("permessage-deflate", is_on=False) is None


def test_an_offer_that_is_no_header_is_refused() -> None:
    with pytest.raises(Malformed):
        answer_to("permessage-deflate; =")


def test_what_we_deflate_is_read_by_who_negotiated_it() -> None:
    client = ClientPerMessageDeflateFactory().process_response_params(
        [("server_no_context_takeover", None), ("client_no_context_takeover", None)], []
    )

    for text in (b"", b"x", b"tea " * 50_000):
        frame = Frame(Opcode.TEXT, deflated(text), rsv1=True)
        assert bytes(client.decode(frame).data) == text
