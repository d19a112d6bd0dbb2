"""Who may know when one was last seen: everybody who sees one at all, or nobody."""

from pydantic import BaseModel, ConfigDict

from libs.common.contracts.commands import SetPrivacy
from libs.common.contracts.scopes import Scope
from libs.common.errors import Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import USERS_AND_BOTS, Caller
from services.presence.api.wishes import Wishes
from services.presence.model import LastSeenTo
from services.presence.store import Store

PATH = "/v1/presence/privacy"


class Privacy(BaseModel):
    """`nobody`: when one was last seen is neither shown nor kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last_seen: LastSeenTo


class LastSeenApi:
    def __init__(self, store: Store, wishes: Wishes) -> None:
        self._store = store
        self._wishes = wishes

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", PATH, self.privacy, admits=USERS_AND_BOTS, scope=Scope.PRESENCE),
            Endpoint(
                "PUT",
                PATH,
                self.set_privacy,
                admits=USERS_AND_BOTS,
                scope=Scope.PRESENCE,
                errors=(Unavailable,),
            ),
        ]

    async def privacy(self, caller: Caller) -> Privacy:
        """Tell who may know when one was last seen."""
        return Privacy(last_seen=await self._store.last_seen_to(caller.id))

    async def set_privacy(self, caller: Caller, wish: Privacy) -> Privacy:
        """Say who may know when one was last seen, from now on."""
        await self._wishes.send(caller.person, SetPrivacy(wish.last_seen))
        return wish
