"""What an operator may turn about export and erasure: `PRIVACY_` and the field, in capitals."""

from pydantic import Field

from libs.common.settings import Settings

PREFIX = "PRIVACY_"

DAY_S = 86_400


class PrivacySettings(Settings):
    export_life_s: int = Field(default=7 * DAY_S, ge=60, le=90 * DAY_S)
    """How long a finished copy of somebody's data can be fetched before it is deleted."""

    export_max_bytes: int = Field(default=512 * 1024 * 1024, ge=1024, le=2 * 1024**3)
    """Largest such copy, compressed; one that would be larger is given up."""

    exports_per_day: float = Field(default=5.0, gt=0)
    """Copies that one person may ask for, in the long run."""

    exports_burst: int = Field(default=3, ge=1)
    """Copies that one person may ask for at once."""

    fetches_per_minute: float = Field(default=30.0, gt=0)
    """Tries to fetch a copy that one network address may make, in the long run."""

    fetches_burst: int = Field(default=20, ge=1)
    """Tries to fetch a copy that one network address may make at once."""

    looks_per_minute: float = Field(default=120.0, gt=0)
    """How often one network address may ask how far an erasure is, in the long run: a page that
    shows one asks every second.
    """

    looks_burst: int = Field(default=60, ge=1)
    """How often one network address may ask how far an erasure is, at once."""

    erasure_grace_s: int = Field(default=0, ge=0, le=90 * DAY_S)
    """How long whoever asked to be erased may take it back; their sessions end at once."""

    erasure_settle_s: float = Field(default=5.0, ge=0, le=60)
    """How long the other services are given to hear that sessions have ended, before they are asked
    to erase.
    """

    poll_s: float = Field(default=1.0, gt=0, le=60)
    """How often work that another instance left is looked for."""

    lease_s: float = Field(default=30.0, ge=5, le=600)
    """How long a piece of work is left to who took it before others try it."""

    max_retry_s: float = Field(default=300.0, gt=0)
    """How long a service that could not be reached is left alone at most; tried for ever."""
