"""The form of a registration, read as a whole: all that is wrong with it is said at once."""

from dataclasses import dataclass

from services.auth.api.bodies import Registration
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import clean_email, clean_name, email_key
from services.auth.core.admission import DomainNotAllowed
from services.auth.core.faults import Faults
from services.auth.core.passwords import check_new, composed
from services.auth.store.registering import EmailTaken, RegistrationStore


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who may have an account, in the form in which that is kept; `invite_hash` is to be claimed
    with it.
    """

    email: str
    name: str
    password: str
    invite_hash: bytes | None


class Applications:
    """Reads forms."""

    def __init__(self, store: RegistrationStore, around: Surroundings) -> None:
        self._store = store
        self._around = around

    async def read(self, body: Registration) -> Applicant:
        """Return who applies.

        Whoever shows the owner's token is refused with it alone, if it is not good: neither the
        policy nor the names of others are held against them before the token was looked at.

        Raises: Invalid, naming each field that is at fault; what the policy raises; EmailTaken.
        """
        is_owner = body.owner_token is not None
        email, name, password = body.email, body.name, composed(body.password)
        invite_hash, faults = None, Faults(DomainNotAllowed, EmailTaken)
        with faults.of("email"):
            email = clean_email(email)
            if not is_owner:
                invite_hash = await self._around.admission.check(email, invite=body.invite)
                await self._check_free(email)
        with faults.of("name"):
            name = clean_name(name)
            if not is_owner:
                await self._around.naming.check(name, account_id=None, is_staff=False)
        with faults.of("password"):
            check_new(password, email=email, name=name)
        faults.check()
        return Applicant(email, name, password, invite_hash)

    async def _check_free(self, email: str) -> None:
        """Refuse an address that somebody has, unless that is a secret. The store decides; asked
        here too because a hash is dear.
        """
        if not self._around.mail.is_on and await self._store.is_taken(email_key(email)):
            raise EmailTaken
