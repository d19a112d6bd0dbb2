"""What all parts of auth's API share."""

from dataclasses import dataclass

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.metrics import Metrics
from libs.common.postgres import Database
from services.auth.api.endings import Endings
from services.auth.api.hashing import PasswordHashing
from services.auth.api.signing_in import SigningIn
from services.auth.settings.general import AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.facts import Facts
from services.auth.store.sessions import SessionStore


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
    signing_in: SigningIn
    endings: Endings
