"""The services that auth asks for export and erasure, as far as a test wants them."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx

from libs.common.chance import SystemChance
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.receipts import ReceiptReader, Receipts
from services.auth.api.privacy.neighbours import Neighbours
from services.auth.settings.privacy import PrivacySettings
from tests.support.clock import SetClock

Answer = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any] | int]]
"""Returns what a service says to a body on a path, or the status with which it refuses."""


class Minter:
    def mint(self, audience: str) -> str:
        return audience


def no_neighbours(clock: Clock) -> Neighbours:
    return neighbours(clock, {})


def neighbours(
    clock: Clock,
    answers: Mapping[str, Callable[[Receipts], Answer]],
    **knobs: Any,
) -> Neighbours:
    """Return services that answer; each is given what it signs with. `knobs` are settings."""
    names = ["auth", *answers]
    keys = {name: SigningKey.generate(clock.now()) for name in names}
    signing = {name: Receipts(name, key, clock=clock) for name, key in keys.items()}
    return Neighbours(
        settings=PrivacySettings.model_validate({"erasure_settle_s": 0} | knobs),
        others={name: _client(name, answer(signing[name])) for name, answer in answers.items()},
        receipts=signing["auth"],
        reader=ReceiptReader({name: [key.public] for name, key in keys.items()}),
    )


def _client(name: str, answer: Answer) -> InternalClient:
    async def handle(request: httpx.Request) -> httpx.Response:
        said = await answer(request.url.path, json.loads(request.content))
        if isinstance(said, int):
            return httpx.Response(said, json={"code": "unavailable", "message": ""})
        return httpx.Response(200, json=said)

    clock = SetClock()
    return InternalClient(
        name,
        f"http://{name}.test",
        settings=ClientSettings(),
        tokens=Minter(),
        clock=clock,
        chance=SystemChance(clock),
        transport=httpx.MockTransport(handle),
    )


class Keeper:
    """A service that keeps `turns` turns' worth of somebody, and pages for their copy.

    While it is `away` it refuses everything; `asked` are the bodies that it was asked with.
    """

    def __init__(self, *, turns: int = 1, pages: int = 1) -> None:
        self.turns = turns
        self.pages = pages
        self.is_away = False
        self.asked: list[dict[str, Any]] = []
        self.signs_for: str | None = None

    def answering(self, receipts: Receipts) -> Answer:
        async def answer(path: str, body: dict[str, Any]) -> dict[str, Any] | int:
            if self.is_away:
                return httpx.codes.SERVICE_UNAVAILABLE
            self.asked.append(body)
            return self._erase(body, receipts) if "erasure_id" in body else self._page(body)

        return answer

    def _erase(self, body: dict[str, Any], receipts: Receipts) -> dict[str, Any]:
        self.turns -= 1
        if self.turns > 0:
            return {"receipt": None}
        person_id = PersonId(UUID(self.signs_for or body["person"]["id"]))
        return {"receipt": receipts.sign(UUID(body["erasure_id"]), person_id, {"thing": 1})}

    def _page(self, body: dict[str, Any]) -> dict[str, Any]:
        number = int(body["cursor"] or 0) + 1
        parts = [{"name": "messages", "items": [{"number": number}]}]
        cursor = str(number) if number < self.pages else None
        return {"parts": parts, "next_cursor": cursor, "done": number / self.pages}
