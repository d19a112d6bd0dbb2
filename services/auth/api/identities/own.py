"""The identities of the caller's own account over HTTP: see, link and unlink them."""

from urllib.parse import urlsplit
from uuid import UUID

from libs.common.errors import NotFound, TooMany, Unauthorized
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import Page, Reply
from libs.common.ratelimit import Limit
from libs.common.times import rfc3339
from services.auth.api.identities.bodies import Departure, IdentityShown
from services.auth.api.identities.linking import Linker
from services.auth.api.identities.oidc import TIMEOUT_S
from services.auth.api.identities.providers import Providers
from services.auth.api.surroundings import Surroundings
from services.auth.core.identities.refusals import (
    IdentityInvalid,
    ProviderUnavailable,
    UnknownProvider,
)
from services.auth.core.proofs import StepUpRequired
from services.auth.model.identities import LinkedIdentity, Linking
from services.auth.store.identities.identities import IdentityStore
from services.auth.store.ways_in import LastWayIn


class OwnIdentitiesApi:
    """The endpoints below /v1/me/identities."""

    def __init__(
        self,
        providers: Providers,
        identities: IdentityStore,
        *,
        linker: Linker,
        around: Surroundings,
    ) -> None:
        self._providers = providers
        self._identities = identities
        self._linker = linker
        self._around = around
        settings = around.identity
        self._rate = around.rates.of(
            "auth.link", Limit.per_minute(settings.logins_per_minute, burst=settings.logins_burst)
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/me/identities", self.listed),
            Endpoint(
                "POST",
                "/v1/me/identities/{identity}",
                self.link,
                errors=(
                    StepUpRequired,
                    UnknownProvider,
                    TooMany,
                    ProviderUnavailable,
                    IdentityInvalid,
                ),
                timeout_s=TIMEOUT_S,
            ),
            Endpoint(
                "DELETE",
                "/v1/me/identities/{identity}",
                self.unlink,
                errors=(StepUpRequired, NotFound, LastWayIn),
            ),
        ]

    async def listed(self, caller: Caller) -> Page[IdentityShown]:
        """Return the identities that open the caller's account, the one linked first first."""
        linked = await self._identities.listed(caller.id)
        return Page(items=[self._shown(one) for one in linked], next_cursor=None)

    async def link(self, identity: str, caller: Caller) -> Reply[Departure]:
        """Begin to link an identity of the provider of this name, where the browser goes next."""
        if caller.session_id is None:
            raise Unauthorized
        await self._around.proof.demand(caller)
        await self._rate.take(str(caller.id))
        linking = Linking(caller.id, caller.session_id)
        location, cookie = await self._providers.begin(identity, linking=linking, invite=None)
        return Reply(Departure(location=location), cookies=(cookie,))

    async def unlink(self, identity: UUID, caller: Caller, address: ClientAddress) -> None:
        """Let an identity into the caller's account no longer."""
        await self._around.proof.demand(caller)
        linked = await self._identities.listed(caller.id)
        found = next((one for one in linked if one.id == identity), None)
        if found is None:
            raise NotFound
        await self._linker.unlink(found, self._title(found), caller, address=address)

    def _shown(self, linked: LinkedIdentity) -> IdentityShown:
        provider = self._providers.of_issuer(linked.identity.issuer)
        return IdentityShown(
            id=linked.id,
            provider=provider.name if provider else None,
            title=self._title(linked),
            email=linked.email,
            linked_at=rfc3339(linked.linked_at),
        )

    def _title(self, linked: LinkedIdentity) -> str:
        """Return what the provider is called, or its host when it is offered no longer."""
        issuer = linked.identity.issuer
        provider = self._providers.of_issuer(issuer)
        return provider.title if provider else urlsplit(issuer).hostname or issuer
