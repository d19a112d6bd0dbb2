"""A whole Hubbub as people reach it, whichever of its shapes it has."""

import re
from collections.abc import Sequence
from typing import Final, Protocol

OWNER_LINK: Final = re.compile(r"\S+/setup#token=(\S+)")


class Shape(Protocol):
    """What tests know of a running Hubbub that may have any shape."""

    @property
    def port(self) -> int:
        """The public port of loopback."""
        ...

    @property
    def url(self) -> str: ...

    @property
    def socket_url(self) -> str: ...

    @property
    def inside(self) -> str:
        """Where a gateway has its probes and metrics."""
        ...

    @property
    def output(self) -> Sequence[str]:
        """What was printed since the last start, line by line."""
        ...

    @property
    def owner_token(self) -> str:
        """The secret of the link that makes the first owner."""
        ...

    @property
    def is_running(self) -> bool: ...

    async def start(self) -> None:
        """Return once it is ready for people."""
        ...

    async def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        ...


def owner_token_in(output: Sequence[str]) -> str:
    """Return the secret of the link that was printed."""
    for line in output:
        if found := OWNER_LINK.search(line):
            return found[1]
    raise AssertionError("\n".join(["no link was printed:", *output]))
