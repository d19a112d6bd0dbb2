"""What all parts of auth's API share."""

from dataclasses import dataclass
from typing import Self

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.metrics import Metrics
from libs.common.postgres import Database
from libs.common.rates_postgres import PostgresRates, Rate
from services.auth.api.administration.admission import Admission
from services.auth.api.administration.auditing import Auditing
from services.auth.api.administration.naming import Naming
from services.auth.api.cookies import DeviceCookie
from services.auth.api.endings import Endings
from services.auth.api.entering import Entering
from services.auth.api.hashing import PasswordHashing
from services.auth.api.limits import hashes_of
from services.auth.api.mail.links import Links
from services.auth.api.mail.mailbox import Mailbox
from services.auth.api.privacy.neighbours import Neighbours
from services.auth.api.proof import Proof
from services.auth.api.signing_in import SigningIn
from services.auth.settings.general import AuthSettings
from services.auth.settings.identity import IdentitySettings
from services.auth.settings.mail import MailSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.facts import Facts
from services.auth.store.sessions import SessionStore
from services.auth.store.staff import Staff


@dataclass(frozen=True, slots=True)
class Surroundings:
    settings: AuthSettings
    clock: Clock
    chance: Chance
    metrics: Metrics
    database: Database
    facts: Facts
    accounts: AccountStore
    sessions: SessionStore
    hashing: PasswordHashing
    device_cookie: DeviceCookie
    signing_in: SigningIn
    endings: Endings
    proof: Proof
    entering: Entering
    audit: Auditing
    admission: Admission
    naming: Naming
    mail: MailSettings
    identity: IdentitySettings
    mailbox: Mailbox
    links: Links
    rates: PostgresRates
    hashes: Rate
    neighbours: Neighbours

    @classmethod
    def made(
        cls,
        *,
        settings: AuthSettings,
        mail: MailSettings,
        identity: IdentitySettings,
        clock: Clock,
        chance: Chance,
        metrics: Metrics,
        database: Database,
        facts: Facts,
        accounts: AccountStore,
        sessions: SessionStore,
        hashing: PasswordHashing,
        device_cookie: DeviceCookie,
        signing_in: SigningIn,
        endings: Endings,
        neighbours: Neighbours,
    ) -> Self:
        """Return what is given, and what needs nothing else."""
        rates = PostgresRates(database, clock)
        return cls(
            settings=settings,
            clock=clock,
            chance=chance,
            metrics=metrics,
            database=database,
            facts=facts,
            accounts=accounts,
            sessions=sessions,
            hashing=hashing,
            device_cookie=device_cookie,
            signing_in=signing_in,
            endings=endings,
            proof=Proof(database, settings=settings, clock=clock),
            entering=Entering(
                signing_in,
                endings,
                database=database,
                device_cookie=device_cookie,
                settings=settings,
                clock=clock,
                chance=chance,
            ),
            audit=Auditing(database, rates=rates, clock=clock),
            admission=Admission(database, settings=settings, clock=clock),
            naming=Naming(Staff(database)),
            mail=mail,
            identity=identity,
            mailbox=Mailbox(database, mail, rates=rates, clock=clock),
            links=Links(settings.public_url, mail, clock=clock, chance=chance),
            rates=rates,
            hashes=hashes_of(rates, settings),
            neighbours=neighbours,
        )
