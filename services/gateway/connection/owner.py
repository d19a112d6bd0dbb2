"""What a socket tells the connection it belongs to."""

from typing import Protocol

from websockets.http11 import Request


class Owner(Protocol):
    @property
    def may_read(self) -> bool:
        """Tell whether the next text may be handed in."""
        ...

    def on_made(self, peer: str) -> None:
        """Note the network address of the other end."""
        ...

    def on_request(self, request: Request) -> None:
        """Accept or refuse the handshake, now or later."""
        ...

    def on_alive(self) -> None:
        """Note that the client was heard."""
        ...

    def on_text(self, raw: bytes) -> None:
        """Obey one text message."""
        ...

    def on_slow(self) -> None:
        """Note that the client does not take what it is sent."""
        ...

    def look_again(self) -> None:
        """Note that the socket has a new deadline."""
        ...

    def on_closing(self) -> None:
        """Note that nothing more can be said."""
        ...

    def on_gone(self) -> None:
        """Note that the connection is over."""
        ...
