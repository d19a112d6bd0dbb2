"""A page by day and by night, when nothing on it moves any more."""

from typing import Final, Literal

from playwright.async_api import Page

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")

AT_REST: Final = """
async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const isEnding = ({ effect }) => effect.getComputedTiming().endTime !== Infinity;
  const moving = () => document.getAnimations().filter(isEnding);
  await frame();
  for (let left = moving(); left.length > 0; left = moving()) {
    await Promise.allSettled(left.map(({ finished }) => finished));
    await frame();
  }
}
"""
"""An end of one change of colour may be the begin of another, of what inherits it. What comes into
sight late is waited for, and what turns for as long as something lasts is not.
"""


async def show_by(scheme: Scheme, page: Page) -> None:
    """Let the page look as the system of its reader wants it."""
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.evaluate(AT_REST)
