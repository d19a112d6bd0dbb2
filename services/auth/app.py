"""Builds auth out of its parts; everything that reaches outside is passed in."""

from dataclasses import dataclass
from typing import Final

from libs.common.http.people import ServiceVerifier, SignedTokens
from libs.common.http.verifying import AnyToken
from libs.common.metrics import Metrics
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.outbox_tries import set_aside_gauge
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.relay import Relay
from libs.common.retry import Backoff
from libs.common.service import Service, Worker
from libs.common.tokens.access import Audiences, Verifier
from libs.common.tokens.ended_sessions import EndedSessions
from libs.common.tokens.revoked import RevokedSessions
from services.auth.api.cookies import DeviceCookie, RefreshCookie
from services.auth.api.endings import Endings
from services.auth.api.guests import GuestsApi
from services.auth.api.hashing import PasswordHashing, SlowHash
from services.auth.api.internal import SERVICES, InternalApi
from services.auth.api.keys import KeyRing, OwnTokens
from services.auth.api.mail.showing import Say
from services.auth.api.owner import Announce, FirstOwner
from services.auth.api.privacy.neighbours import Neighbours
from services.auth.api.programs import Programs
from services.auth.api.public import PublicApi
from services.auth.api.renewal import KeyRenewal
from services.auth.api.signing_in import SigningIn
from services.auth.api.surroundings import Surroundings
from services.auth.api.sweeping import Sweeping
from services.auth.consumers.facts import FactPublisher
from services.auth.core.keys import MAKES_REFRESH_TOKENS, MARKS_DEVICES, SEALS_SIGNING_KEYS, derived
from services.auth.core.known_devices import KnownDevices
from services.auth.core.sessions import RefreshChain
from services.auth.settings.general import PREFIX, AuthSettings
from services.auth.settings.identity import IdentitySettings
from services.auth.settings.mail import MailSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.attempts import AttemptStore
from services.auth.store.factors.sweeping import LoginRemains
from services.auth.store.facts import Facts
from services.auth.store.keys import KeyStore
from services.auth.store.owner_token import OwnerTokenStore
from services.auth.store.sessions import SessionStore

NAME: Final = "auth"

RELAY_ROWS: Final = 100
"""Facts taken to the bus at once: published one by one, they take well under a second."""

RELAY_POLL_S: Final = 0.5
"""How long a fact may wait that another instance left: sessions end everywhere within 2 s."""

RELAY_RETRY_S: Final = (0.1, 5.0)
"""How soon after a failure the bus is tried again, at first and in the end."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are good here, and whom ours are for; equal in all services.

    `revoked` is what this process knows of ended sessions, and may be shared with other services
    in it. `leeway_s` is how far clocks may be apart. `neighbours` are the services that auth asks.
    """

    issuer: str
    audiences: Audiences
    leeway_s: float
    services: ServiceVerifier
    revoked: RevokedSessions
    neighbours: Neighbours


def schema(role: str) -> Schema:
    """Return auth's schema; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.auth"))


def build(
    settings: AuthSettings,
    process: Process,
    *,
    mail: MailSettings,
    identity: IdentitySettings,
    database: Database,
    trust: Trust,
    slow_hash: SlowHash,
    announce: Announce,
    say: Say,
) -> Service:
    """Return the service. `announce` is shown the link that makes the first owner, `say` letters
    that there is no mail server for.
    """
    parts = _Auth(
        settings,
        process,
        mail=mail,
        identity=identity,
        database=database,
        trust=trust,
        slow_hash=slow_hash,
    )
    return parts.service(announce, say)


class _Auth:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: AuthSettings,
        process: Process,
        *,
        mail: MailSettings,
        identity: IdentitySettings,
        database: Database,
        trust: Trust,
        slow_hash: SlowHash,
    ) -> None:
        self._settings = settings
        self._mail = mail
        self._identity = identity
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._trust = trust
        self._clock = process.clock
        self._metrics = Metrics(process.registry, NAME)
        self._relay = self._new_relay()
        facts = Facts(database, wake=self._relay.wake)
        self._accounts = AccountStore(database, facts)
        self._sessions = SessionStore(database, facts)
        self._attempts = AttemptStore(database)
        self._keys = self._new_keys(facts)
        self._hashing = PasswordHashing(
            slow_hash,
            self._metrics,
            threads=settings.hash_threads,
            max_waiting=settings.hash_queue,
            timeout_s=settings.hash_timeout_s,
        )
        self._cookie = RefreshCookie(is_secure=settings.is_tls)
        self._chain = RefreshChain(
            key=self._derived(MAKES_REFRESH_TOKENS),
            idle_s=settings.session_idle_s,
            max_s=settings.session_max_s,
            grace_s=settings.refresh_grace_s,
        )
        self._around = self._new_surroundings(facts)
        self._programs = Programs(self._around, identity=identity)
        self._guests = GuestsApi(self._around, self._keys)

    def service(self, announce: Announce, say: Say) -> Service:
        """Return what the runner has to know."""
        settings, database, clock = self._settings, self._database, self._clock
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        ended = EndedSessions(
            self._sessions,
            self._trust.revoked,
            bus=self._process.bus,
            clock=clock,
            inbox_name=f"{NAME}.{self._process.instance}",
        )
        owner = self._first_owner(announce)
        sweeping = Sweeping(
            self._sessions,
            self._attempts,
            self._around.rates,
            LoginRemains(database),
            settings=settings,
            clock=clock,
        )
        asked = InternalApi(self._accounts, self._sessions, clock=clock)
        internal = [*asked.endpoints(), *self._guests.endpoints()]
        public = self._public(say)
        return assemble(
            self._process,
            NAME,
            doors=Doors(self._people(), self._trust.services),
            public=(outside, [*public.endpoints(), *self._programs.endpoints()]),
            internal=(inside, [*internal, *self._programs.internal(callers=SERVICES)]),
            checks={
                "database": database.check,
                "bus": self._process.check_bus,
                "ended_sessions": ended.check,
            },
            workers=[
                Worker("schema", self._gate.watch),
                Worker("outbox", self._relay.run),
                Worker("keys", self._keys.run),
                Worker("ended_sessions", ended.run),
                Worker("sweeping", sweeping.run),
                *public.workers(),
                *self._programs.workers(),
                *self._guests.workers(),
            ],
            on_start=[self._gate.check, self._keys.load, ended.start, owner.invite],
            on_stop=[self._hashing.close, ended.stop],
        )

    def _first_owner(self, announce: Announce) -> FirstOwner:
        return FirstOwner(
            OwnerTokenStore(self._database),
            announce,
            settings=self._settings,
            clock=self._clock,
            chance=self._process.chance,
        )

    def _public(self, say: Say) -> PublicApi:
        return PublicApi(
            self._around,
            attempts=self._attempts,
            chain=self._chain,
            cookie=self._cookie,
            keys=self._keys,
            say=say,
        )

    def _new_keys(self, facts: Facts) -> KeyRing:
        store = KeyStore(self._database, facts, sealing_key=self._derived(SEALS_SIGNING_KEYS))
        return KeyRing(
            KeyRenewal(store, self._settings, clock=self._clock),
            self._settings,
            issuer=self._trust.issuer,
            audiences=self._trust.audiences,
            clock=self._clock,
            chance=self._process.chance,
        )

    def _new_relay(self) -> Relay:
        first_s, max_s = RELAY_RETRY_S
        facts = FactPublisher(self._process.bus, timeout_s=self._settings.publish_timeout_s)
        return Relay(
            self._database,
            facts.publish,
            max_rows=RELAY_ROWS,
            poll_s=RELAY_POLL_S,
            delay_s=Backoff(first_s=first_s, max_s=max_s, chance=self._process.chance).delay_s,
            on_set_aside=set_aside_gauge(self._metrics).set,
            clock=self._clock,
        )

    def _new_surroundings(self, facts: Facts) -> Surroundings:
        settings, clock, chance = self._settings, self._process.clock, self._process.chance
        device_cookie = DeviceCookie(
            KnownDevices(self._derived(MARKS_DEVICES)),
            is_secure=settings.is_tls,
            max_age_s=settings.forget_places_s,
        )
        signing_in = SigningIn(
            self._chain,
            self._keys,
            cookie=self._cookie,
            device_cookie=device_cookie,
            clock=clock,
            chance=chance,
        )
        endings = Endings(self._sessions, self._trust.revoked, settings=settings, clock=clock)
        return Surroundings.made(
            settings=settings,
            mail=self._mail,
            identity=self._identity,
            clock=clock,
            chance=chance,
            metrics=self._metrics,
            database=self._database,
            facts=facts,
            accounts=self._accounts,
            sessions=self._sessions,
            hashing=self._hashing,
            device_cookie=device_cookie,
            signing_in=signing_in,
            endings=endings,
            neighbours=self._trust.neighbours,
        )

    def _people(self) -> AnyToken:
        trust = self._trust
        verifier = Verifier(
            self._keys,
            issuer=trust.issuer,
            audiences=trust.audiences,
            leeway_s=trust.leeway_s,
            revoked=trust.revoked,
        )
        signed = SignedTokens(OwnTokens(verifier))
        http = self._process.http
        return self._programs.door(signed, trust.revoked, issuer=trust.issuer, http=http)

    def _derived(self, purpose: str) -> bytes:
        return derived(self._settings.secret.get_secret_value(), purpose)
