"""Pictures of people over HTTP.

A picture is found under its version and never changes there, so whoever may see it may keep it:
browsers ask once. Only those who are logged in may.
"""

from collections.abc import Set as AbstractSet
from typing import Annotated, Final, Literal

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from libs.common.contracts.ids import PersonId
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint, Handler
from libs.common.http.people import USERS, USERS_AND_BOTS, Caller
from libs.common.http.problems import UnsupportedType
from libs.common.ratelimit import Limit as Pace
from services.auth.api.bodies import AccountShown, UserShown
from services.auth.api.profiles.drawing import Drawing, DrawingBusy
from services.auth.api.surroundings import Surroundings
from services.auth.core.pictures import SIGNATURES, NotAPicture, TooManyPixels, kind_of
from services.auth.model.accounts import Account
from services.auth.store.avatars import AvatarStore
from services.auth.store.bots import BotStore

log = structlog.get_logger()

WEBP: Final = "image/webp"
NOT_MODIFIED: Final = 304

# Private: for this browser alone, not for what stands between. It cannot be a page, whatever it is.
HEADERS: Final = {
    "cache-control": "private, max-age=31536000, immutable",
    "content-disposition": 'attachment; filename="avatar.webp"',
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "vary": "authorization",
}

Version = Annotated[int, Field(ge=1, lt=2**31)]
Size = Literal["64", "256"]


class NoAvatar(NotFound):
    message = "There is no such picture."


class AvatarsApi:
    """The endpoints around pictures of people."""

    def __init__(
        self, avatars: AvatarStore, bots: BotStore, drawing: Drawing, around: Surroundings
    ) -> None:
        self._avatars = avatars
        self._bots = bots
        self._drawing = drawing
        self._clock = around.clock
        settings = around.settings
        self._max_bytes = settings.avatar_max_bytes
        self._uploads = around.rates.of(
            "avatar.put",
            Pace.per_minute(settings.avatars_per_minute, burst=settings.avatars_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        mine, of_bot = "/v1/me/avatar", "/v1/bots/{bot_id}/avatar"
        return [
            self._upload(mine, self.put, admits=USERS_AND_BOTS, scope=Scope.PROFILE),
            Endpoint("DELETE", mine, self.remove, admits=USERS_AND_BOTS, scope=Scope.PROFILE),
            self._upload(of_bot, self.put_of_bot, admits=USERS, scope=None),
            Endpoint("DELETE", of_bot, self.remove_of_bot),
            Endpoint(
                "GET",
                "/v1/users/{user_id}/avatar",
                self.picture,
                also=(NOT_MODIFIED,),
                admits=USERS_AND_BOTS,
                scope=Scope.USERS_READ,
                errors=(NoAvatar,),
                gives=WEBP,
            ),
        ]

    def _upload(
        self, path: str, handler: Handler, *, admits: AbstractSet[str], scope: Scope | None
    ) -> Endpoint:
        return Endpoint(
            "PUT",
            path,
            handler,
            admits=admits,
            scope=scope,
            errors=(NotAPicture, TooManyPixels, DrawingBusy),
            max_body_bytes=self._max_bytes,
            takes=tuple(SIGNATURES),
        )

    async def put(self, request: Request, caller: Caller) -> AccountShown:
        """Replace the caller's picture by the one that is the body: PNG, JPEG, WebP or GIF.

        It is cut to its middle square and drawn anew; nothing else of the file is kept.
        """
        return AccountShown.of(await self._put(caller.id, request, by=caller.id))

    async def remove(self, caller: Caller) -> None:
        """Delete the caller's picture."""
        await self._avatars.remove(caller.id, now=self._clock.now())

    async def put_of_bot(self, bot_id: PersonId, request: Request, caller: Caller) -> UserShown:
        """Replace the picture of a bot of the caller by the one that is the body."""
        await self._bots.owned(bot_id, owner_id=caller.id)
        return UserShown.of(await self._put(bot_id, request, by=caller.id))

    async def remove_of_bot(self, bot_id: PersonId, caller: Caller) -> None:
        """Delete the picture of a bot of the caller."""
        await self._bots.owned(bot_id, owner_id=caller.id)
        await self._avatars.remove(bot_id, now=self._clock.now())

    async def picture(
        self,
        user_id: PersonId,
        request: Request,
        v: Version | None = None,
        size: Size = "256",
    ) -> Response:
        """Return somebody's picture as WebP.

        `v` is the version that the path of a user's `avatar` names, and another one is not found;
        without it the newest is given, and to be asked for every time.
        """
        version = await self._avatars.version(user_id)
        if version is None or v not in {None, version}:
            raise NoAvatar
        headers = {"etag": f'"{version}-{size}"', **HEADERS}
        if v is None:
            headers["cache-control"] = "private, no-cache"
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        found = await self._avatars.find(user_id, is_small=size == "64")
        if found is None or found[0] != version:
            raise NoAvatar
        return Response(found[1], media_type=WEBP, headers=headers)

    async def _put(self, account_id: PersonId, request: Request, *, by: PersonId) -> Account:
        await self._uploads.take(str(by))
        said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if said not in SIGNATURES:
            raise UnsupportedType(f"Send one of {', '.join(SIGNATURES)}.")
        raw = await request.body()
        if kind_of(raw) != said:
            raise UnsupportedType("This is another kind of picture than its type says.")
        drawn = await self._drawing.draw(raw)
        account = await self._avatars.put(account_id, drawn, now=self._clock.now())
        log.info("avatar_changed", user_id=account_id, size_bytes=len(raw))
        return account
