"""What presence has of a person, collected for them."""

from libs.common.contracts.privacy import ExportAnswer, ExportPart, ExportRequest
from libs.common.erasures import AUTH
from libs.common.http.endpoint import Endpoint
from services.presence.store import Store


class ExportApi:
    def __init__(self, store: Store) -> None:
        self._store = store

    def endpoint(self) -> Endpoint:
        return Endpoint("POST", "/internal/exports", self.export, admits=AUTH)

    async def export(self, body: ExportRequest) -> ExportAnswer:
        """Return what a person chose to be seen as, and when they were last seen."""
        found = await self._store.export(body.person_id)
        parts = [] if found is None else [ExportPart(name="presence", items=[found])]
        return ExportAnswer(parts=parts, done=1.0)
