"""Opens sessions and hands out their tokens: what registering, logging in and refreshing share."""

import hashlib

from starlette.requests import Request

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.http.reply import Reply
from services.auth.api.bodies import AccountShown, SignedIn, SignedInWithToken
from services.auth.api.cookies import DeviceCookie, RefreshCookie
from services.auth.api.keys import KeyRing
from services.auth.core.devices import device_name
from services.auth.core.sessions import RefreshChain, Repeated, Rotated
from services.auth.model.accounts import Account
from services.auth.model.proofs import Method
from services.auth.model.sessions import Device

SignedInReply = Reply[SignedIn | SignedInWithToken]


class SigningIn:
    """Makes sessions and the answers that carry their tokens; stores nothing."""

    def __init__(
        self,
        chain: RefreshChain,
        keys: KeyRing,
        *,
        cookie: RefreshCookie,
        device_cookie: DeviceCookie,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._chain = chain
        self._keys = keys
        self._cookie = cookie
        self._device_cookie = device_cookie
        self._clock = clock
        self._chance = chance

    def begin(
        self,
        account_id: PersonId,
        request: Request,
        *,
        device: str | None,
        address: str,
        proved_by: tuple[Method, ...],
    ) -> Rotated:
        """Return a new session for the client behind `request`, and its first token."""
        name = device or device_name(user_agent(request))
        return self._chain.begin(
            SessionId(self._chance.new_id()),
            account_id,
            device=Device(name, address),
            proved_by=proved_by,
            client_hash=client_hash(request),
            now=self._clock.now(),
        )

    def reply(
        self, account: Account, link: Rotated | Repeated, *, by_cookie: bool
    ) -> SignedInReply:
        """Return the answer with both tokens; the refresh token in the cookie if so wanted.

        A browser that has just logged in is known from then on.
        """
        now = self._clock.now()
        signed_in = SignedIn(
            user=AccountShown.of(account),
            access_token=self._keys.mint(account.person, link.session.id, now=now),
            expires_in=self._keys.life_s,
        )
        token = link.token.write()
        if by_cookie:
            cookies = [self._cookie.keeping(token, max_age_s=link.session.expires_at - now)]
            if link.session.generation == 0:
                nonce = self._chance.token()
                cookies.append(self._device_cookie.marking(account.id, nonce))
            return Reply(signed_in, cookies=tuple(cookies))
        return Reply(SignedInWithToken(**dict(signed_in), refresh_token=token))


def client_hash(request: Request) -> bytes:
    """Return what tells one client of a session from another: browsers keep their name."""
    return hashlib.sha256(user_agent(request).encode()).digest()


def user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
