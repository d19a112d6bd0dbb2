"""Runs cases of the Autobahn test suite against a server; each result is a line of JSON.

    python fuzzer.py SUITE URL --cases 1.1.1,1.1.2 --messages 100 --at-once 4

It runs in an environment of its own, with the package autobahn, and imports nothing of this
project: the client is a second implementation, written by others. What a case calls `p` is a
`Fuzzer`.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

PATIENCE_S = 30
"""For the server's part of a close. The library rounds it down to a whole second of the clock."""

CASE_S = 60.0
MESSAGE_S = 0.6
"""For one message of 128 KB, there and back, with both sides in Python and others beside it."""


def packed(text: str | bytes | None) -> bytes | None:
    """Return the bytes that a text of the suite stands for."""
    return text.encode("latin-1") if isinstance(text, str) else text


class Fuzzer(WebSocketClientProtocol):  # type: ignore[misc]
    """One connection, and the case that it serves."""

    def __init__(self, case: type[Any], done: Callable[["Fuzzer"], None]) -> None:
        super().__init__()
        self.createWirelog = False
        self.connectionWasOpen = False
        self.txFrameStats: Counter[int] = Counter()
        self.has_bytes = case.__name__.startswith(("Case12", "Case13"))
        self._case_type = case
        self._done = done
        self.case: Any = None

    # What the network says

    def connection_made(self, transport: Any) -> None:
        self.case = self._case_type(self)
        super().connection_made(transport)

    def onOpen(self) -> None:
        self.connectionWasOpen = True
        self.case.onOpen()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.case.onMessage(payload if self.has_bytes else payload.decode("latin-1"), isBinary)

    def onPong(self, payload: bytes) -> None:
        self.case.onPong(payload.decode("latin-1"))

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.case.onClose(wasClean, code, reason)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.case.onConnectionLost(self.failedByMe)
        self._done(self)

    # What a case wants

    def sendFrame(self, opcode: int, payload: str | bytes = b"", **more: Any) -> None:
        super().sendFrame(opcode, packed(payload), **more)

    def sendMessage(self, payload: str | bytes, isBinary: bool = False, **more: Any) -> None:
        super().sendMessage(packed(payload), isBinary, **more)

    def sendMessageFrameData(self, payload: str, sync: bool = False) -> None:
        super().sendMessageFrameData(packed(payload), sync)

    def beginMessage(self, opcode: int = 1, **more: Any) -> None:
        super().beginMessage(opcode == 2, **more)

    def sendCloseFrame(
        self, code: int | None = None, reasonUtf8: str | None = None, isReply: bool = False
    ) -> None:
        super().sendCloseFrame(code, packed(reasonUtf8), isReply)

    def enableWirelog(self, enable: bool) -> None:
        self.createWirelog = enable

    def logTxFrame(self, frameHeader: Any, *_: Any) -> None:
        self.txFrameStats[frameHeader.opcode] += 1

    def logRxFrame(self, *_: Any) -> None:
        """Keep nothing: only what is sent is counted."""

    def continueLater(self, delay: float, fun: Callable[[], None], tag: str | None = None) -> None:
        self._later(delay, fun)

    def killAfter(self, delay: float) -> None:
        self._later(delay, self._fail_connection)

    def closeAfter(self, delay: float) -> None:
        self._later(delay, self.sendClose)

    def _later(self, delay: float, fun: Callable[[], None]) -> None:
        def run() -> None:
            if self.state != self.STATE_CLOSED:
                fun()

        self.factory.loop.call_later(delay, run)


def result_of(one: Fuzzer, case_id: str, began: float) -> dict[str, object]:
    case = one.case
    return {
        "case": case_id,
        "behavior": case.behavior,
        "close": case.behaviorClose,
        "result": case.result,
        "result_of_close": case.resultClose,
        "seconds": round(time.monotonic() - began, 3),
    }


async def run(case_id: str, case: type[Any], url: str, timeout_s: float) -> dict[str, object]:
    """Open a connection, let the case have it, and return what came of it."""
    loop, began = asyncio.get_running_loop(), time.monotonic()
    ended: asyncio.Future[Fuzzer] = loop.create_future()

    def done(one: Fuzzer) -> None:
        if not ended.done():
            ended.set_result(one)

    factory = WebSocketClientFactory(url, loop=loop)
    factory.setProtocolOptions(
        failByDrop=False, closeHandshakeTimeout=PATIENCE_S, serverConnectionDropTimeout=PATIENCE_S
    )
    factory.logFrames = True
    factory.protocol = lambda: Fuzzer(case, done)
    transport, _ = await loop.create_connection(factory, factory.host, factory.port)
    await asyncio.wait([ended], timeout=timeout_s)
    if ended.done():
        return result_of(ended.result(), case_id, began)
    transport.abort()
    late = {"behavior": "FAILED", "result": f"Not over after {timeout_s} s."}
    return result_of(await ended, case_id, began) | late


async def run_all(
    cases: list[tuple[str, type[Any]]], url: str, *, at_once: int, timeout_s: float
) -> None:
    """Write a line for each case, in the order in which they end."""
    places = asyncio.Semaphore(at_once)

    async def one(case_id: str, case: type[Any]) -> None:
        async with places:
            result = await run(case_id, case, url, timeout_s)
            sys.stdout.write(json.dumps(result) + "\n")
            sys.stdout.flush()

    await asyncio.gather(*(one(case_id, case) for case_id, case in cases))


def chosen(wanted: str, messages: int) -> list[tuple[str, type[Any]]]:
    """Return the cases whose number begins with one of those wanted, in the suite's order.

    Cases that send many equal messages send at most so many.
    """
    from autobahntestsuite.case import Cases

    prefixes = tuple(f"{prefix}." for prefix in wanted.split(","))
    found = []
    for case in Cases:
        case_id = case.__name__.removeprefix("Case").replace("_", ".")
        if f"{case_id}.".startswith(prefixes):
            case.COUNT = min(getattr(case, "COUNT", messages), messages)
            found.append((case_id, case))
    return found


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suite")
    parser.add_argument("url")
    parser.add_argument("--cases", required=True)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=4)
    wanted = parser.parse_args()
    sys.path.insert(0, wanted.suite)
    cases = chosen(wanted.cases, wanted.messages)
    timeout_s = CASE_S + MESSAGE_S * wanted.messages
    asyncio.run(run_all(cases, wanted.url, at_once=wanted.at_once, timeout_s=timeout_s))


if __name__ == "__main__":
    main()
