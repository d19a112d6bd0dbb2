"""What a log-in with an identity from elsewhere comes to.

    linked ------------------------------------------> the account it is linked to
    not linked, address of nobody -------------------> a new account, if the policy lets it in
    not linked, address of an account ---------------> told to log in and link, unless
        the provider may link by address, and both sides have verified that it is theirs

Both sides: who registers with an address that is not theirs and waits for its owner to come along
would otherwise share an account with them.

The outcomes are a closed union; see `services.auth.core.login`.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from services.auth.core.accounts import MAX_NAME_CHARS, clean_email, clean_name
from services.auth.core.identities.refusals import EmailMissing, EmailUnverifiedThere, LinkRequired
from services.auth.model.accounts import Account, EmailState
from services.auth.model.identities import Shown

NAMELESS: Final = "New user"


@dataclass(frozen=True, slots=True)
class Enters:
    account: Account


@dataclass(frozen=True, slots=True)
class Links:
    """Enters, once the identity is linked to the account."""

    account: Account


@dataclass(frozen=True, slots=True)
class Joins:
    """Somebody new, with a clean address and name."""

    email: str
    name: str


Arrival = Enters | Links | Joins


def arrive(
    shown: Shown,
    *,
    holder: Account | None,
    namesake: Account | None,
    links_by_email: bool,
    needs_verified: bool,
) -> Arrival:
    """Return what becomes of somebody who logged in elsewhere.

    `holder` has this identity, `namesake` this address. `needs_verified`: nobody gets an account
    here for an address that was not verified.

    Raises: EmailMissing, EmailUnverifiedThere, LinkRequired.
    """
    if holder is not None:
        return Enters(holder)
    email = usable_email(shown)
    if email is None:
        raise EmailMissing
    # Before anybody hears whether there is an account: who claims any address at their provider
    # would learn of each.
    if needs_verified and not shown.is_verified:
        raise EmailUnverifiedThere
    if namesake is None:
        return Joins(email, usable_name(shown) or NAMELESS)
    is_theirs = namesake.email_state is EmailState.PROVED and shown.is_verified
    if links_by_email and is_theirs:
        return Links(namesake)
    raise LinkRequired


def usable_email(shown: Shown) -> str | None:
    """Return the address as an account can have it, or None."""
    try:
        return clean_email(shown.email) if shown.email else None
    except ValueError:
        return None


def usable_name(shown: Shown) -> str | None:
    """Return the name as an account can have it, or None."""
    if shown.name is None:
        return None
    seen = "".join(char for char in shown.name if not unicodedata.category(char).startswith("C"))
    try:
        return clean_name(seen.strip()[:MAX_NAME_CHARS])
    except ValueError:
        return None
