"""Makes the links that letters bring."""

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from services.auth.core.links import link_letter
from services.auth.model.links import LinkLetter, Purpose
from services.auth.settings.mail import MailSettings


class Links:
    """Makes links; stores and sends nothing."""

    def __init__(
        self, public_url: str, settings: MailSettings, *, clock: Clock, chance: Chance
    ) -> None:
        self._public_url = public_url
        self._life_s = {
            Purpose.VERIFY: settings.verify_life_s,
            Purpose.CONFIRM: settings.verify_life_s,
            Purpose.RESET: settings.reset_life_s,
        }
        self._clock = clock
        self._chance = chance

    def to(self, email: str, account_id: PersonId, *, purpose: Purpose) -> LinkLetter:
        """Return a letter to this address with a new link for this account."""
        return link_letter(
            purpose,
            self._chance.token(),
            account_id=account_id,
            email=email,
            public_url=self._public_url,
            expires_at=self._clock.now() + self._life_s[purpose],
        )
