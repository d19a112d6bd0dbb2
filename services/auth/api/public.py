"""The parts of the public API, each of which brings its endpoints and its workers."""

from typing import Protocol

from libs.common.http.endpoint import Endpoint
from libs.common.service import Worker
from services.auth.api.administration.parts import AdministrationApi
from services.auth.api.cookies import RefreshCookie
from services.auth.api.emails import EmailsApi
from services.auth.api.factors.parts import FactorsApi
from services.auth.api.identities.external import ExternalIdentities
from services.auth.api.keys import KeyRing
from services.auth.api.login import PasswordLogin
from services.auth.api.mail.office import PostOffice
from services.auth.api.mail.showing import Say
from services.auth.api.passwords import PasswordsApi
from services.auth.api.privacy.erasures import ErasuresApi
from services.auth.api.privacy.exports import ExportsApi
from services.auth.api.profiles.profiles import ProfilesApi
from services.auth.api.registering import RegistrationApi
from services.auth.api.sessions import SessionsApi
from services.auth.api.surroundings import Surroundings
from services.auth.core.sessions import RefreshChain
from services.auth.store.attempts import AttemptStore
from services.auth.store.registering import RegistrationStore


class Part(Protocol):
    """A part that has endpoints."""

    def endpoints(self) -> list[Endpoint]:
        """Return them."""
        ...


class Working(Protocol):
    """A part that runs something."""

    def workers(self) -> list[Worker]:
        """Return what it runs."""
        ...


class PublicApi:
    """All that people can ask of auth, and what goes on beside it."""

    def __init__(
        self,
        around: Surroundings,
        *,
        attempts: AttemptStore,
        chain: RefreshChain,
        cookie: RefreshCookie,
        keys: KeyRing,
        say: Say,
    ) -> None:
        self._around = around
        self._attempts = attempts
        login, profiles = self._login(), ProfilesApi(around)
        external = ExternalIdentities(around)
        post_office = PostOffice(around, say=say)
        administration = AdministrationApi(around)
        exports, erasures = ExportsApi(around), ErasuresApi(around)
        self._parts: tuple[Part, ...] = (
            RegistrationApi(RegistrationStore(around.database, around.facts), around),
            EmailsApi(around),
            PasswordsApi(around, login),
            post_office,
            profiles,
            self._sessions(login, chain, cookie),
            FactorsApi(around, login, attempts=attempts),
            external,
            administration,
            exports,
            erasures,
            keys,
        )
        self._working: tuple[Working, ...] = (
            post_office,
            profiles,
            administration,
            external,
            exports,
            erasures,
        )

    def endpoints(self) -> list[Endpoint]:
        """Return those of all parts."""
        return [endpoint for part in self._parts for endpoint in part.endpoints()]

    def workers(self) -> list[Worker]:
        """Return those of all parts."""
        return [worker for part in self._working for worker in part.workers()]

    def _sessions(
        self, login: PasswordLogin, chain: RefreshChain, cookie: RefreshCookie
    ) -> SessionsApi:
        around = self._around
        return SessionsApi(
            around.sessions,
            around.accounts,
            login=login,
            entering=around.entering,
            signing_in=around.signing_in,
            chain=chain,
            cookie=cookie,
            endings=around.endings,
            clock=around.clock,
            metrics=around.metrics,
        )

    def _login(self) -> PasswordLogin:
        around = self._around
        return PasswordLogin(
            around.accounts,
            self._attempts,
            hashing=around.hashing,
            settings=around.settings,
            clock=around.clock,
            metrics=around.metrics,
            rates=around.rates,
            hashes=around.hashes,
            device_cookie=around.device_cookie,
            has_mail=around.mail.is_on,
            audit=around.audit,
        )
