"""Second factors, passkeys and step-ups, put together."""

from libs.common.http.endpoint import Endpoint
from services.auth.api.factors.authenticator_app import AuthenticatorAppApi
from services.auth.api.factors.ceremonies import Ceremonies
from services.auth.api.factors.changes import FactorChanges
from services.auth.api.factors.codes import Codes
from services.auth.api.factors.login import SecondFactorLogin
from services.auth.api.factors.passkeys import PasskeysApi
from services.auth.api.factors.step_up import StepUpApi
from services.auth.api.login import PasswordLogin
from services.auth.api.surroundings import Surroundings
from services.auth.core.keys import SEALS_TOTP_SEEDS, derived
from services.auth.store.attempts import AttemptStore
from services.auth.store.factors.held import HeldFactors
from services.auth.store.factors.passkeys import PasskeyStore
from services.auth.store.factors.seals import Seals
from services.auth.store.factors.totp import TotpStore


class FactorsApi:
    """All endpoints of this folder."""

    def __init__(
        self, around: Surroundings, login: PasswordLogin, *, attempts: AttemptStore
    ) -> None:
        seals = Seals(derived(around.settings.secret.get_secret_value(), SEALS_TOTP_SEEDS))
        totps = TotpStore(around.database, seals)
        passkeys, held = PasskeyStore(around.database), HeldFactors(around.database)
        changes, ceremonies = FactorChanges(around), Ceremonies(around, passkeys)
        codes = Codes(around, changes, totps=totps, held=held, attempts=attempts)
        self._parts = (
            SecondFactorLogin(around, codes, ceremonies=ceremonies),
            StepUpApi(around, codes, ceremonies=ceremonies, login=login, held=held),
            AuthenticatorAppApi(
                around, changes, totps=totps, passkeys=passkeys, held=held, ceremonies=ceremonies
            ),
            PasskeysApi(around, changes, ceremonies=ceremonies),
        )

    def endpoints(self) -> list[Endpoint]:
        return [endpoint for part in self._parts for endpoint in part.endpoints()]
