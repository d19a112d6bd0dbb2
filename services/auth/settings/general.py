"""What an operator may turn in auth. Variables are named `AUTH_` and the field, in capitals."""

from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from libs.common.settings import CommaList, Settings

PREFIX = "AUTH_"

DAY_S = 86_400

MAX_ACCESS_LIFE_S = 900
"""An ended session can linger this long where nobody hears of its end; no setting goes beyond."""


class AuthSettings(Settings):
    secret: SecretStr = Field(min_length=32)
    """Protects the signing keys in the database and makes refresh tokens: 32 random characters or
    more. Whoever has it and the database can be anybody; without it the keys cannot be read.
    """

    public_url: str
    """Where people reach the chat, like https://chat.example.org."""

    host: str = "127.0.0.1"
    """Address of the API."""

    port: int = Field(default=8081, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    internal_host: str = "127.0.0.1"
    """Address for other services, probes and Prometheus."""

    internal_port: int = Field(default=9081, ge=0, le=65535)
    """Port of that address; 0 takes any free one."""

    allow_plain_http: bool = False
    """Accept a public address without TLS beyond this machine; the refresh cookie then goes
    unprotected over the network.
    """

    registration: Literal["open", "invite", "closed"] = "open"
    """Who may make an account: anybody, whoever has an invitation, nobody; until an owner changes
    it on the server's own page. The first owner can in any case.
    """

    registration_domains: CommaList = ()
    """Domains of which the e-mail address of a new account must be, separated by commas; empty: of
    any. Until an owner changes it.
    """

    audit_days: int = Field(default=365, ge=30)
    """How long the audit log is kept."""

    access_life_s: int = Field(default=MAX_ACCESS_LIFE_S, ge=60, le=MAX_ACCESS_LIFE_S)
    """How long an access token is good."""

    session_idle_s: int = Field(default=7 * DAY_S, ge=3_600)
    """How long a session lives without being refreshed; each refresh starts it anew."""

    session_max_s: int = Field(default=30 * DAY_S, ge=3_600)
    """How long a session lives at most, however often it is refreshed."""

    refresh_grace_s: float = Field(default=10.0, ge=0, le=10)
    """How long a refresh token that was just exchanged still gets the same answer again."""

    max_sessions: int = Field(default=100, ge=1, le=1_000)
    """Sessions of one account; one more ends the one that was not used for the longest time."""

    hash_memory_kib: int = Field(default=19 * 1024, ge=19 * 1024)
    """Memory of one password hash (argon2id), in KiB. The floor is what OWASP advises."""

    hash_passes: int = Field(default=2, ge=2)
    """Passes over that memory; raise it until a hash takes as long as you can bear."""

    hash_lanes: int = Field(default=1, ge=1)
    """Threads that one hash may use."""

    hash_threads: int = Field(default=2, ge=1)
    """Passwords hashed at once; each holds the memory of one hash."""

    hash_queue: int = Field(default=256, ge=1)
    """Passwords being hashed or waiting for it, which takes next to no memory; more are refused
    with `unavailable`.
    """

    hash_timeout_s: float = Field(default=10.0, gt=0)
    """How long a log-in waits for its hash."""

    free_attempts: int = Field(default=5, ge=1)
    """Wrong passwords in a row for one account before it rests after each."""

    first_rest_s: float = Field(default=1.0, gt=0)
    """How long an account rests first; each wrong password doubles it."""

    max_rest_s: float = Field(default=30.0, gt=0)
    """How long an account rests at most: the owner of an attacked account waits no longer."""

    forget_attempts_s: float = Field(default=900.0, gt=0)
    """After how long without a wrong password the count starts anew."""

    failures_per_minute: int = Field(default=10, ge=1)
    """Failed log-ins that one network address may make, in the long run."""

    failures_burst: int = Field(default=200, ge=1)
    """Failed log-ins that one network address may make at once, those counted whose password is
    still being looked at: so many people behind one address can log in at the same moment.
    """

    hashes_per_minute: int = Field(default=300, ge=1)
    """Passwords that one network address, or one person who is logged in, may have hashed in the
    long run, right or wrong: hashing is dear.
    """

    hashes_burst: int = Field(default=400, ge=1)
    """Passwords that one network address may have hashed at once."""

    registrations_per_minute: int = Field(default=10, ge=1)
    """Accounts that one network address may make, in the long run."""

    registrations_burst: int = Field(default=100, ge=1)
    """Accounts that one network address may make at once: a class registers together."""

    proof_life_s: int = Field(default=600, ge=60, le=3_600)
    """How long ago a log-in or step-up may be for changes that a stolen token must not make."""

    challenge_life_s: int = Field(default=300, ge=60, le=600)
    """How long a log-in waits for its second factor, and what a passkey signs is good."""

    token_life_s: int = Field(default=90 * DAY_S, ge=60)
    """How long an API token is good when nobody says for how long."""

    token_max_life_s: int = Field(default=365 * DAY_S, ge=60)
    """How long an API token is good at most."""

    tokens_per_account: int = Field(default=50, ge=1)
    """API tokens that one person or bot may have at the same time."""

    tokens_per_minute: int = Field(default=10, ge=1)
    """API tokens and bots that one person may make, in the long run."""

    tokens_burst: int = Field(default=20, ge=1)
    """API tokens and bots that one person may make at once."""

    found_tokens_per_minute: int = Field(default=30, ge=1)
    """Found tokens that one network may have voided, in the long run."""

    found_tokens_burst: int = Field(default=100, ge=1)
    """Found tokens that one network may have voided at once: a scanner reports what it finds."""

    bots_per_user: int = Field(default=5, ge=0)
    """Bots that a user may have; 0 lets only admins have any."""

    bots_per_admin: int = Field(default=100, ge=0)
    """Bots that an admin or owner of the system may have."""

    searches_per_minute: int = Field(default=120, ge=1)
    """Searches for people that one person may make, in the long run."""

    searches_burst: int = Field(default=60, ge=1)
    """Searches for people that one person may make at once: one for every letter that is typed."""

    max_code_rest_s: float = Field(default=900.0, gt=0, le=3_600)
    """How long an account takes no code at most, after wrong ones in a row; who tries has the
    password already.
    """

    proofs_per_minute: int = Field(default=60, ge=1)
    """Second factors, passkeys and step-ups that one network address may try, in the long run."""

    proofs_burst: int = Field(default=200, ge=1)
    """How many of them it may try at once."""

    forget_places_s: float = Field(default=180.0 * DAY_S, ge=DAY_S)
    """How long a browser or network is known from which somebody logged in; of a log-in from
    elsewhere they get a letter.
    """

    avatar_max_bytes: int = Field(default=8 * 1024 * 1024, ge=1_024)
    """Largest picture of a person that is taken; what is kept of it are a few kilobytes."""

    avatar_timeout_s: float = Field(default=15.0, gt=0)
    """How long a picture may wait for its turn and be drawn."""

    avatars_per_minute: int = Field(default=6, ge=1)
    """Pictures that one person may send, in the long run."""

    avatars_burst: int = Field(default=10, ge=1)
    """Pictures that one person may send at once."""

    invites_per_minute: int = Field(default=20, ge=1)
    """Invitations that one admin may make, in the long run; each may be a letter to a stranger."""

    invites_burst: int = Field(default=100, ge=1)
    """Invitations that one admin may make at once."""

    setup_life_s: int = Field(default=DAY_S, ge=60)
    """How long the link that makes the first owner is good; a restart makes a new one."""

    key_life_s: int = Field(default=30 * DAY_S, ge=3_600)
    """How long a key signs access tokens before the next one takes over."""

    key_lead_s: int = Field(default=600, ge=60)
    """How long a new key is published before it signs; longer than services keep their copy."""

    key_check_s: float = Field(default=60.0, gt=0, le=300)
    """How often every instance looks whether keys are due or another instance has changed them."""

    publish_timeout_s: float = Field(default=5.0, gt=0, lt=10)
    """How long the bus may take over facts before they are published again."""

    sweep_every_s: float = Field(default=600.0, gt=0)
    """How often sessions and counts that no longer matter are deleted."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and parts.hostname
        if not is_web or url.rstrip("/") != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("must be http://host or https://host, with a port or without")
        return url.rstrip("/")

    @field_validator("registration_domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        folded = tuple(domain.casefold() for domain in domains)
        if any("@" in domain or not all(domain.split(".")[-2:]) for domain in folded):
            raise ValueError("must be domains like example.org")
        return folded

    @model_validator(mode="after")
    def _plain_http_is_wanted(self) -> Self:
        if not (self.is_tls or self.allow_plain_http or is_this_machine(self.public_url)):
            raise ValueError(f"{PREFIX}PUBLIC_URL without TLS needs {PREFIX}ALLOW_PLAIN_HTTP=true")
        return self

    @model_validator(mode="after")
    def _keys_are_seen_before_they_sign(self) -> Self:
        if self.key_lead_s < 2 * self.key_check_s:
            raise ValueError(f"{PREFIX}KEY_LEAD_S must be at least twice {PREFIX}KEY_CHECK_S")
        return self

    @property
    def is_tls(self) -> bool:
        """Tell whether browsers reach us over TLS only."""
        return self.public_url.startswith("https:")


def is_this_machine(url: str) -> bool:
    """Tell whether an address leads to this very machine, so that nobody listens on the way."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
