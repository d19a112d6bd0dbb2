"""How long it takes from an address to the first message that can be read."""

from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from playwright.async_api import CDPSession, Page

from tests.browser.measure.stage import Stage
from tests.browser.measure.surroundings import Surroundings

LIMIT_MS: Final = 60_000.0

NOTE_FIRST_MESSAGE: Final = """
new MutationObserver((_, watching) => {
  if (!document.querySelector("[role=log] article")) return;
  watching.disconnect();
  requestAnimationFrame(() => { window.firstMessageMs = performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""
"""Milliseconds since the page was asked for, when the first message is about to be painted."""

IS_KEPT: Final = """
async () => {
  if (!("serviceWorker" in navigator)) return;
  if (await navigator.serviceWorker.getRegistration()) await navigator.serviceWorker.ready;
}
"""


@dataclass(frozen=True, slots=True)
class Loading:
    """Of an empty browser and of one that was here before; bytes are those on the wire."""

    cold_ms: float
    cold_bytes: int
    warm_ms: float
    warm_bytes: int


async def loading(stage: Stage, surroundings: Surroundings, *, times: int) -> Loading:
    """Return the medians of so many visits by browsers that never were here."""
    visits = [await _two_visits(stage, surroundings) for _ in range(times)]
    return Loading(
        cold_ms=median(visit.cold_ms for visit in visits),
        cold_bytes=int(median(visit.cold_bytes for visit in visits)),
        warm_ms=median(visit.warm_ms for visit in visits),
        warm_bytes=int(median(visit.warm_bytes for visit in visits)),
    )


async def _two_visits(stage: Stage, surroundings: Surroundings) -> Loading:
    page = await stage.page()
    await page.add_init_script(NOTE_FIRST_MESSAGE)
    devtools = await page.context.new_cdp_session(page)
    await surroundings.surround(devtools)
    wire = Wire(devtools)
    await wire.listen()
    cold_ms = await _visit(page, stage.address)
    cold_bytes = wire.take()
    await page.evaluate(IS_KEPT)
    await page.goto("about:blank")
    wire.take()
    warm_ms = await _visit(page, stage.address)
    warm_bytes = wire.take()
    await page.context.close()
    return Loading(cold_ms, cold_bytes, warm_ms, warm_bytes)


class Wire:
    """Counts what comes in, of the page itself: a worker's own requests are not among it."""

    def __init__(self, devtools: CDPSession) -> None:
        self._devtools = devtools
        self._bytes = 0

    async def listen(self) -> None:
        await self._devtools.send("Network.enable")
        self._devtools.on("Network.loadingFinished", self._on_finished)

    def take(self) -> int:
        """Return the bytes since the last time."""
        taken, self._bytes = self._bytes, 0
        return taken

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])


async def _visit(page: Page, address: str) -> float:
    await page.goto(address, wait_until="commit", timeout=LIMIT_MS)
    seen = await page.wait_for_function("() => window.firstMessageMs", timeout=LIMIT_MS)
    return float(await seen.json_value())
