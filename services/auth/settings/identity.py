"""What an operator may turn about log-ins that other servers vouch for. Variables are named
`IDENTITY_` and the field, in capitals.

Providers and sources are lists, so each is one variable that holds JSON; as they hold secrets, the
whole variable may come from a file, and each secret from one of its own.

See: docs/identity.md.
"""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from libs.common.settings import Settings
from services.auth.settings.general import is_this_machine

PREFIX = "IDENTITY_"

DAY_S = 86_400

MAX_TOLERANCE_S = 300
"""What the specification of Standard Webhooks advises; a wider window is one for replays."""

FILE: Final = "_file"

Entry = TypeVar("Entry", "Provider", "Source")


def _is_issuer(url: str) -> str:
    if "?" in url or "#" in url or "@" in url:
        raise ValueError("must be an address without user, query and fragment")
    if not (url.startswith("https://") or (url.startswith("http://") and is_this_machine(url))):
        raise ValueError("must begin with https://")
    return url


Issuer = Annotated[str, AfterValidator(_is_issuer)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""Stands in addresses: lower-case letters, digits and hyphens."""

Secret = Annotated[SecretStr, Field(min_length=16)]


class _Listed(BaseModel):
    """An entry of a list in JSON; `x_file` holds the path of a file with `x`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _secrets_come_from_files(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {
            name.removesuffix(FILE): _read(value) if name.endswith(FILE) else value
            for name, value in given.items()
        }


class Provider(_Listed):
    """An OpenID provider at which people may log in.

    `makes_accounts`: whoever it vouches for gets an account, whatever the policy for registration
    says. `trusts_email`: its addresses count as verified even where it does not say so.
    `links_by_email`: who comes with a verified address is let into the account of that address.
    `trusts_second_factor`: it asks everybody for a second factor, so ours is not asked for.
    """

    name: Name
    title: str = Field(min_length=1, max_length=64)
    issuer: Issuer
    client_id: str = Field(min_length=1, max_length=256)
    client_secret: SecretStr | None = None
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    makes_accounts: bool = False
    trusts_email: bool = False
    links_by_email: bool = False
    trusts_second_factor: bool = False

    @field_validator("scopes")
    @classmethod
    def _asks_who_it_is(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("must hold openid")
        return scopes


class Source(_Listed):
    """A server that tells of its people's changes by webhook.

    `issuer` is that of the provider at which the same people log in. `shape` says how it writes.
    With two `secrets` either is good, so that one can take the other's place.
    """

    name: Name
    issuer: Issuer
    shape: Literal["hubbub", "clerk", "keycloak"] = "hubbub"
    secrets: tuple[Secret, ...] = Field(min_length=1, max_length=4)


class IdentitySettings(Settings):
    providers: SecretStr | None = None
    """The OpenID providers at which people may log in: a JSON list, see docs/identity.md."""

    webhooks: SecretStr | None = None
    """The servers that tell of changes to their people: a JSON list, see docs/identity.md."""

    login_life_s: int = Field(default=600, ge=60, le=600)
    """How long a log-in at a provider may take."""

    logins_per_minute: int = Field(default=30, ge=1)
    """Log-ins at providers that one network address may begin or end, in the long run."""

    logins_burst: int = Field(default=200, ge=1)
    """Log-ins at providers that one network address may begin or end at once."""

    fetch_timeout_s: float = Field(default=5.0, gt=0, lt=10)
    """How long a provider may take to answer a question."""

    fetch_max_bytes: int = Field(default=262_144, ge=4_096)
    """The longest answer of a provider that is read."""

    keep_s: int = Field(default=3_600, ge=60)
    """How long what a provider says of itself, its keys included, is not asked for again."""

    refetch_s: int = Field(default=30, ge=1)
    """How soon a provider's keys are asked for again when a token names one that is unknown."""

    webhook_tolerance_s: int = Field(default=MAX_TOLERANCE_S, ge=1, le=MAX_TOLERANCE_S)
    """How far the time of a webhook may be from ours."""

    introspection_issuer: Issuer | None = None
    """The other product whose own access tokens are good here; see docs/bots.md. It takes the
    address at which it is asked, or that of its keys and an audience.
    """

    introspection_url: Issuer | None = None
    """Where that product answers whose a token is (RFC 7662)."""

    introspection_client_id: str = ""
    """As whom it is asked."""

    introspection_client_secret: SecretStr | None = None
    """The secret of that name."""

    introspection_jwks_url: Issuer | None = None
    """Where that product publishes the keys that sign its tokens, if it signs them."""

    introspection_audience: str = ""
    """Whom its tokens must be for; signed ones always."""

    webhook_keep_s: int = Field(default=7 * DAY_S, ge=3_600)
    """How long the ids of webhooks are known, so that none is obeyed twice."""

    @field_validator("providers")
    @classmethod
    def _providers_are_readable(cls, text: SecretStr | None) -> SecretStr | None:
        _entries(Provider, text)
        return text

    @field_validator("webhooks")
    @classmethod
    def _webhooks_are_readable(cls, text: SecretStr | None) -> SecretStr | None:
        _entries(Source, text)
        return text

    @model_validator(mode="after")
    def _knows_how_to_ask(self) -> Self:
        ways = [self.introspection_url, self.introspection_jwks_url]
        if sum(way is not None for way in ways) != (self.introspection_issuer is not None):
            raise ValueError(
                f"{PREFIX}INTROSPECTION_ISSUER takes one of {PREFIX}INTROSPECTION_URL and "
                f"{PREFIX}INTROSPECTION_JWKS_URL, and neither stands without it"
            )
        if self.introspection_jwks_url is not None and not self.introspection_audience:
            raise ValueError(f"{PREFIX}INTROSPECTION_JWKS_URL needs {PREFIX}INTROSPECTION_AUDIENCE")
        return self

    def listed_providers(self) -> tuple[Provider, ...]:
        """Return the providers, in the order in which they are offered."""
        return _entries(Provider, self.providers)

    def listed_sources(self) -> tuple[Source, ...]:
        """Return the sources of webhooks."""
        return _entries(Source, self.webhooks)


def _entries(model: type[Entry], text: SecretStr | None) -> tuple[Entry, ...]:
    if text is None:
        return ()
    listed: TypeAdapter[tuple[Entry, ...]] = TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]
    try:
        entries = listed.validate_json(text.get_secret_value())
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the list"
        raise ValueError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None
    names = [entry.name for entry in entries]
    if len(set(names)) < len(names):
        raise ValueError("two have the same name")
    return entries


def _read(path: Any) -> Any:
    paths = path if isinstance(path, list) else [path]
    try:
        texts = [Path(one).read_text(encoding="utf-8").strip() for one in paths]
    except (OSError, UnicodeDecodeError, TypeError):
        raise ValueError("a file with a secret cannot be read") from None
    return texts if isinstance(path, list) else texts[0]
