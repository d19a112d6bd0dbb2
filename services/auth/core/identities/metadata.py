"""What a provider says of itself, and which of the addresses it names we may go to.

The operator has named the issuer; the document that the issuer serves names the rest. So the rest
may lie on the issuer's own origin, or anywhere in public over TLS: what is behind our firewall has
no certificate for a public name, and an address that is a number, a name without a dot or another
port than 443 is not asked. Whoever takes a provider over cannot have us knock on doors.

See: OpenID Connect Discovery 1.0, sections 3 and 4.3.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from services.auth.core.identities.refusals import IdentityInvalid

HTTPS_PORT: Final = 443

INSIDE: Final = (".internal", ".local", ".localhost", ".lan", ".home.arpa")
"""Endings of names that mean something only inside a network."""


class Metadata(BaseModel):
    """What we use of a provider's document."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


def document_of(issuer: str) -> str:
    """Return where a provider describes itself."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def read_metadata(document: bytes, *, issuer: str) -> Metadata:
    """Return what a provider says of itself.

    Raises: IdentityInvalid when it is another issuer's, not one at all, or leads us astray.
    """
    try:
        metadata = Metadata.model_validate_json(document)
    except ValidationError:
        raise IdentityInvalid("the provider's document cannot be read") from None
    if metadata.issuer != issuer:
        raise IdentityInvalid("the provider's document is another issuer's")
    for url in (
        metadata.authorization_endpoint,
        metadata.token_endpoint,
        metadata.jwks_uri,
        metadata.userinfo_endpoint,
    ):
        if url is not None and not may_be_asked(url, issuer=issuer):
            raise IdentityInvalid("the provider's document names an address we do not go to")
    return metadata


def may_be_asked(url: str, *, issuer: str) -> bool:
    """Tell whether an address that a provider names is one that we go to."""
    try:
        there, home = urlsplit(url), urlsplit(issuer)
        is_home = _origin(there) == _origin(home)
        is_safe = there.scheme == "https" and (there.port or HTTPS_PORT) == HTTPS_PORT
    except ValueError:
        return False
    has_user = "@" in there.netloc or "\\" in url
    return not has_user and (is_home or (is_safe and _is_public(there.hostname or "")))


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port


def _is_public(host: str) -> bool:
    name = host.rstrip(".")
    # The last part of a public name is never a number, however an address is spelt.
    if "." not in name or name.endswith(INSIDE) or name.rpartition(".")[2][0].isdigit():
        return False
    try:
        ip_address(name)
    except ValueError:
        return True
    return False
