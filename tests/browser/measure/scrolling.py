"""How evenly a long room scrolls, and what it takes to hold it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from playwright.async_api import CDPSession, Page, expect

from tests.browser.measure.stage import Stage
from tests.browser.measure.surroundings import Surroundings

NOTE_FRAMES: Final = """
() => {
  window.frames_ms = [];
  let before = performance.now();
  const note = (now) => {
    window.frames_ms.push(now - before);
    before = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(note); });
}
"""
"""The time between one frame and the next, as the page sees it."""

TAKE_FRAMES: Final = "() => window.frames_ms.splice(0)"

TOPMOST: Final = r"""
() => {
  const log = document.querySelector("[role=log]");
  const edge = log.getBoundingClientRect().top;
  for (const article of log.querySelectorAll("article")) {
    const found = /line (\d+)\./.exec(article.textContent);
    if (found && article.getBoundingClientRect().bottom > edge) return Number(found[1]);
  }
  return null;
}
"""
"""The number of the first line in sight."""

TURN_PX: Final = 600
"""One turn of the wheel: most of a screen."""

TURNS: Final = 20
"""Between looks at where we are."""


@dataclass(frozen=True, slots=True)
class Frames:
    """`passed` messages went by in `seconds`."""

    passed: int
    seconds: float
    median_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    share_over_17_ms: float
    share_over_50_ms: float


@dataclass(frozen=True, slots=True)
class Memory:
    """After a collection of garbage."""

    heap_bytes: int
    elements: int


@dataclass(frozen=True, slots=True)
class Scrolled:
    frames: Frames
    at_first: Memory
    at_last: Memory


async def scrolling(stage: Stage, surroundings: Surroundings, *, most_s: float) -> Scrolled:
    """Turn the wheel back until the first message is in sight, or for so long."""
    page = await stage.page()
    devtools = await page.context.new_cdp_session(page)
    await page.goto(stage.address)
    await expect(page.get_by_role("log", name="Messages")).to_contain_text(
        f"line {stage.messages}."
    )
    at_first = await memory(devtools)
    await surroundings.surround(devtools)
    await page.get_by_role("log", name="Messages").hover()
    await page.evaluate(NOTE_FRAMES)
    reached = await _turn_back(page, most_s)
    frames = await page.evaluate(TAKE_FRAMES)
    at_last = await memory(devtools)
    await page.context.close()
    return Scrolled(spread(frames, passed=stage.messages - reached), at_first, at_last)


async def _turn_back(page: Page, most_s: float) -> int:
    """Return the number of the first message in sight in the end."""
    end = time.monotonic() + most_s
    reached = 0
    while reached != 1 and time.monotonic() < end:
        for _ in range(TURNS):
            await page.mouse.wheel(0, -TURN_PX)
        reached = int(await page.evaluate(TOPMOST) or reached)
    return reached


async def memory(devtools: CDPSession) -> Memory:
    """Return what the page holds."""
    await devtools.send("Performance.enable")
    await devtools.send("HeapProfiler.collectGarbage")
    metrics: dict[str, Any] = {
        metric["name"]: metric["value"]
        for metric in (await devtools.send("Performance.getMetrics"))["metrics"]
    }
    return Memory(int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"]))


def spread(frames_ms: Sequence[float], *, passed: int) -> Frames:
    """Sum up what was noted; nobody sees a frame that is late by less than a millisecond."""
    ordered = sorted(frames_ms)
    count = len(ordered)
    return Frames(
        passed=passed,
        seconds=sum(ordered) / 1000,
        median_ms=median(ordered),
        p95_ms=ordered[int(count * 0.95)],
        p99_ms=ordered[int(count * 0.99)],
        worst_ms=ordered[-1],
        share_over_17_ms=sum(one > 17.7 for one in ordered) / count,
        share_over_50_ms=sum(one > 50 for one in ordered) / count,
    )
