"""The code flow of OAuth with PKCE, as Authlib writes it: out with a challenge, back with a code.

Authlib makes the addresses, the forms and the client's proof of itself; how they get to a provider
is our own, as its clients follow redirects and read answers of any length.

See: RFC 6749 section 4.1, RFC 7636.
"""

from typing import Any, Final

import structlog
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from services.auth.api.identities.fetching import Fetching, json_object
from services.auth.core.identities.metadata import Metadata
from services.auth.core.identities.refusals import ProviderRefused, ProviderUnavailable
from services.auth.model.identities import Flow
from services.auth.settings.identity import Provider

log = structlog.get_logger()

BASIC: Final = "client_secret_basic"
POST: Final = "client_secret_post"
NONE: Final = "none"

FORM: Final = {
    "accept": "application/json",
    "content-type": "application/x-www-form-urlencoded",
}


class CodeExchange:
    """Sends people out to one provider, and redeems the codes they bring."""

    def __init__(self, provider: Provider, fetching: Fetching, *, redirect_uri: str) -> None:
        self._provider = provider
        self._fetching = fetching
        self._redirect_uri = redirect_uri

    def location(self, metadata: Metadata, flow: Flow) -> str:
        """Return the address at the provider where a log-in goes on."""
        url: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            client_id=self._provider.client_id,
            response_type="code",
            redirect_uri=self._redirect_uri,
            scope=" ".join(self._provider.scopes),
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
        )
        return url

    async def redeem(self, metadata: Metadata, code: str, flow: Flow) -> dict[str, Any]:
        """Return the tokens that a code is good for, once.

        Raises: ProviderUnavailable, ProviderRefused, IdentityInvalid.
        """
        form = prepare_token_request(
            "authorization_code",
            code=code,
            redirect_uri=self._redirect_uri,
            code_verifier=flow.verifier,
        )
        url, headers, body = self._auth(metadata).prepare(
            "POST", metadata.token_endpoint, dict(FORM), form
        )
        answer = await self._fetching.post(url, body.encode(), headers=headers)
        if answer.is_server_error:
            raise ProviderUnavailable
        tokens = json_object(answer.content)
        if not answer.is_success or "error" in tokens:
            log.warning("code_refused", provider=self._provider.name, status=answer.status_code)
            raise ProviderRefused
        return tokens

    def _auth(self, metadata: Metadata) -> ClientAuth:
        """Return what proves to the provider who we are; some providers want no secret.

        Rather in the form than in a header, where not all read odd characters the same way.
        """
        secret = self._provider.client_secret
        is_posted = POST in metadata.token_endpoint_auth_methods_supported
        return ClientAuth(
            client_id=self._provider.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            auth_method=NONE if secret is None else POST if is_posted else BASIC,
        )
