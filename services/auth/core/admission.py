"""Who may make an account here.

    registration   without an invitation      with one
    open           yes                        yes
    invite         no: `invite_needed`        yes
    closed         no: `registration_closed`  no: `registration_closed`

Where domains are named, an address of another is refused in any case, and so is whoever has no
address that is known to be theirs. A domain is compared as a whole: `example.org` does not let in
`sales.example.org`. The link that makes the first owner asks nothing of this.
"""

from libs.common.errors import Forbidden
from services.auth.core.accounts import RegistrationClosed, clean_email, email_key
from services.auth.model.admission import Policy, RegistrationMode

MAX_DOMAINS = 100


class InviteNeeded(Forbidden):
    code = "invite_needed"
    message = "New accounts are made by invitation here. Ask an admin of this server for a link."


class DomainNotAllowed(Forbidden):
    code = "domain_not_allowed"
    message = "Addresses of this domain are not taken here. Use the one of your organization."


def check_admission(policy: Policy, email: str | None, *, is_invited: bool) -> None:
    """Refuse whoever may not make an account; `email` is their address, None if none is known.

    Raises: RegistrationClosed, InviteNeeded, DomainNotAllowed.
    """
    if policy.registration is RegistrationMode.CLOSED:
        raise RegistrationClosed
    if policy.registration is RegistrationMode.INVITE and not is_invited:
        raise InviteNeeded
    check_domain(policy, email or "")


def check_domain(policy: Policy, email: str) -> None:
    """Refuse an address of a domain that is not taken.  Raises: DomainNotAllowed."""
    if policy.domains and email_key(email).rpartition("@")[2] not in policy.domains:
        raise DomainNotAllowed


def clean_domain(raw: str) -> str:
    """Return a domain in the form in which it is compared.  Raises: ValueError."""
    try:
        return email_key(clean_email(f"name@{raw.strip().removeprefix('@')}")).rpartition("@")[2]
    except ValueError:
        raise ValueError("must be a domain like example.org") from None
