"""What a browser keeps by itself: the page for later, and what was written into it."""

import asyncio
from typing import Final

from playwright.async_api import Page

from tests.browser.person import WITHIN_MS

UNTIL_KEPT: Final = """
async (text) => {
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const rows = async (name) => {
    const database = await settled(indexedDB.open(name));
    const stores = [...database.objectStoreNames];
    const all = stores.map((store) =>
      settled(database.transaction(store).objectStore(store).getAll()),
    );
    return Promise.all(all).finally(() => database.close());
  };
  for (;;) {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    if (JSON.stringify(await Promise.all(names.map(rows))).includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
"""
"""Looks through every row of every table: no table is named here."""


async def is_kept(page: Page, text: str) -> None:
    """Return once something on the browser's disk holds the text."""
    async with asyncio.timeout(WITHIN_MS / 1000):
        await page.evaluate(UNTIL_KEPT, text)


async def opens_without_server(page: Page) -> None:
    """Return once the browser has what it needs to open the page again by itself."""
    async with asyncio.timeout(WITHIN_MS / 1000):
        await page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
