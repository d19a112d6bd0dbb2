"""Stands between a page and its server: refuses one sentence for good, and may move all times.

With the times moved, pictures that are taken on two days show the same clock.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Final

from playwright.async_api import BrowserContext, Route, WebSocketRoute

REFUSED: Final = "What the server will not take"
FAULT: Final = {"code": "forbidden", "message": "You may not write here.", "retryable": False}

TIME: Final = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"')

HISTORY: Final = re.compile(r"/v1/rooms/[^/]+/messages\?")
STEP: Final = timedelta(minutes=4)
"""From one message to the next, on pictures of a talk that took a second."""

MOVED_DATE: Final = """
(() => {
  const Real = Date;
  const now = () => Real.now() + %d;
  window.Date = class extends Real {
    constructor(...given) { given.length > 0 ? super(...given) : super(now()); }
    static now() { return now(); }
  };
})();
"""


class Relay:
    """`later` is how much later it is for the page than for the server."""

    def __init__(self, later: timedelta) -> None:
        self._later = later

    async def stand_before(self, context: BrowserContext) -> None:
        """Let all pages of this context speak with their server through this."""
        await context.route_web_socket(re.compile("/v1/ws$"), self._on_socket)
        if self._later:
            await context.add_init_script(MOVED_DATE % (self._later.total_seconds() * 1000))
            await context.route(re.compile("/v1/"), self._on_request)

    def moved(self, text: str) -> str:
        """Return the JSON with all its times moved."""

        def later(found: re.Match[str]) -> str:
            return f'"{(datetime.fromisoformat(found[1]) + self._later).isoformat()}"'

        return TIME.sub(later, text) if self._later else text

    async def _on_request(self, route: Route) -> None:
        answer = await route.fetch()
        body = self.moved(await answer.text())
        is_history = answer.ok and HISTORY.search(route.request.url)
        await route.fulfill(response=answer, body=spread(body) if is_history else body)

    def _on_socket(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def on_page(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame.get("data", {}).get("content") == REFUSED:
                page.send(json.dumps({"type": "error", "ref": frame["ref"], "data": FAULT}))
            else:
                server.send(message)

        def on_server(message: str | bytes) -> None:
            page.send(self.moved(str(message)))

        page.on_message(on_page)
        server.on_message(on_server)


def spread(body: str) -> str:
    """Return a page of history, oldest first, in which people took their time."""
    page = json.loads(body)
    messages = page["items"]
    for message in messages:
        last = messages[-1]
        before = STEP * (last["seq"] - message["seq"])
        message["created_at"] = (datetime.fromisoformat(last["created_at"]) - before).isoformat()
    return json.dumps(page)
