"""The WebSocket handshake: who may open a socket here, and how a refusal looks.

A refusal is an HTTP answer with the same body as everywhere. See: docs/protocol.md, section 1.
"""

import json
import math
import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from websockets.exceptions import NegotiationError
from websockets.extensions.base import Extension, ServerExtensionFactory
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import ExtensionParameter, Subprotocol

from libs.common.errors import ChatError, Malformed, NotFound
from libs.common.http.origins import check_origin
from libs.common.http.people import bearer
from services.gateway.core.forms import WINDOW_BITS

PATH: Final = "/v1/ws"
SUBPROTOCOL: Final = Subprotocol("chat.v1")

SECRET_NAME: Final = re.compile(r"token|jwt|auth|bearer|secret|password", re.IGNORECASE)
"""Addresses end up in logs and histories, so a secret in one is refused, loudly."""


class SharedDeflate(ServerExtensionFactory):
    """Negotiates permessage-deflate so that one deflated message is right for all who have it.

    offered                        answered
    server_no_context_takeover     yes, also when it was not offered: every message stands alone
    client_no_context_takeover     yes, also when it was not offered: no window is held for anybody
    server_max_window_bits < 15    the offer is passed over, as all share one larger window
    client_max_window_bits = N     the same; without a number nothing, and any window is read

    See: RFC 7692 section 7.1.
    """

    name = ServerPerMessageDeflateFactory.name

    def __init__(self) -> None:
        self._library = ServerPerMessageDeflateFactory(
            server_no_context_takeover=True, client_no_context_takeover=True
        )

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """Return the answer to an offer, and what reads frames.  Raises: NegotiationError."""
        answer, deflate = self._library.process_request_params(params, accepted_extensions)
        if deflate.local_max_window_bits < WINDOW_BITS:
            raise NegotiationError("the window is shared and larger")
        return answer, deflate


DEFLATE: Final = (SharedDeflate(),)


class BadHandshake(Malformed):
    code = "invalid"
    message = "This is an address for WebSockets: open it with a chat client, not as a page."


class UnsupportedProtocol(Malformed):
    code = "unsupported_protocol"
    message = "Offer the subprotocol chat.v1, or none."


class TokenInAddress(Malformed):
    code = "invalid"
    message = "Send the token in the header Authorization or in the first frame."


def select_subprotocol(_: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Return what to answer to the client's offer.  Raises: NegotiationError."""
    if not offered:
        return None
    if SUBPROTOCOL not in offered:
        raise NegotiationError("chat.v1 is not among the subprotocols")
    return SUBPROTOCOL


def token_of(request: Request, *, origins: Collection[str]) -> str | None:
    """Return the token of an acceptable request, None if it has none.

    Raises: NotFound, TokenInAddress, ForeignOrigin, Unauthorized.
    """
    path, _, query = request.path.partition("?")
    if path != PATH:
        raise NotFound
    if any(SECRET_NAME.search(name) for name, _ in parse_qsl(query, keep_blank_values=True)):
        raise TokenInAddress
    headers = Headers(
        raw=[
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.raw_items()
        ]
    )
    # A handshake is a GET, but what it opens can change things.
    check_origin("POST", headers, allowed=origins)
    return bearer(headers)


def accept(protocol: ServerProtocol, request: Request) -> Response:
    """Return the answer that opens the socket.  Raises: UnsupportedProtocol, BadHandshake."""
    response = protocol.accept(request)
    if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
        return response
    if isinstance(protocol.handshake_exc, NegotiationError):
        raise UnsupportedProtocol
    raise BadHandshake


def refuse(protocol: ServerProtocol, refusal: ChatError) -> Response:
    """Return the answer that does not."""
    response = protocol.reject(HTTPStatus(refusal.status), json.dumps(refusal.body()))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if refusal.retry_after_ms is not None:
        response.headers["Retry-After"] = str(math.ceil(refusal.retry_after_ms / 1000))
    return response
