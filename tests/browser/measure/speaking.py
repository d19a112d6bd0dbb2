"""How long it takes from a key press on one page to the message on another."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page, expect

from tests.browser.measure.stage import Stage

NOTE_KEY: Final = """
document.addEventListener("keydown", ({ key }) => {
  if (key === "Enter") window.pressedAt = performance.timeOrigin + performance.now();
}, true);
"""

NOTE_MESSAGE: Final = """
(text) => {
  window.seenAt = null;
  const log = document.querySelector("[role=log]");
  new MutationObserver((_, watching) => {
    if (!log.textContent.includes(text)) return;
    watching.disconnect();
    requestAnimationFrame(() => { window.seenAt = performance.timeOrigin + performance.now(); });
  }).observe(log, { childList: true, subtree: true, characterData: true });
}
"""
"""Both pages read the clock of one machine."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """From the key press until the other page is about to paint the message."""

    count: int
    median_ms: float
    p95_ms: float


async def speaking(stage: Stage, *, times: int) -> Speaking:
    """Let somebody say so many things, one after the other."""
    speaker, hearer = await stage.page(), await stage.page()
    await speaker.add_init_script(NOTE_KEY)
    for page in (speaker, hearer):
        await page.goto(stage.address)
        await expect(page.get_by_role("banner").get_by_role("status")).to_have_text("Connected")
    took = sorted([await _one(speaker, hearer, f"Message {number}!") for number in range(times)])
    for page in (speaker, hearer):
        await page.context.close()
    return Speaking(times, took[times // 2], took[int(times * 0.95)])


async def _one(speaker: Page, hearer: Page, text: str) -> float:
    await hearer.evaluate(NOTE_MESSAGE, text)
    box = speaker.get_by_role("textbox", name="Message", exact=True)
    await box.fill(text)
    await box.press("Enter")
    seen = await hearer.wait_for_function("() => window.seenAt")
    return float(await seen.json_value()) - float(await speaker.evaluate("window.pressedAt"))
