"""The knobs of every HTTP listener."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from libs.common.settings import CommaList, Settings


class HttpSettings(Settings):
    http_max_body_bytes: int = Field(default=256 * 1024, ge=1024)
    """Largest body of a request. Uploads have their own limit."""

    http_body_timeout_s: float = Field(default=30.0, gt=0)
    """How long a request's body may take to arrive."""

    http_request_timeout_s: float = Field(default=30.0, gt=0)
    """How long an endpoint may work before the client hears `timeout`."""

    http_max_in_flight: int = Field(default=1_000, ge=1)
    """Requests being answered at once per listener; more are refused with `unavailable`."""

    http_bodies_per_address: int = Field(default=200, ge=1)
    """Requests of one address whose body has not come yet; more are refused with `unavailable`."""

    http_token_requests_per_s: float = Field(default=20.0, gt=0)
    """Requests that one API token may make of each service, in the long run."""

    http_token_requests_burst: int = Field(default=100, ge=1)
    """Requests that one API token may make of each service at once."""

    http_check_timeout_s: float = Field(default=2.0, gt=0)
    """How long one check of `/readyz` may take before it counts as failed."""

    cors_origins: CommaList = ()
    """Other web origins whose pages may call this API, like https://chat.example.org."""

    cors_credentials: bool = False
    """Let those origins send cookies too."""

    @field_validator("cors_origins")
    @classmethod
    def _exact(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            is_web = parts.scheme in {"http", "https"} and parts.hostname and "*" not in origin
            if not is_web or origin != f"{parts.scheme}://{parts.netloc.lower()}":
                raise ValueError("each must be scheme://host or scheme://host:port, no wildcard")
        return origins
