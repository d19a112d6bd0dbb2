"""Why an identity from elsewhere does not let somebody in."""

from libs.common.errors import Conflict, Forbidden, NotFound, Unauthorized, Unavailable


class UnknownProvider(NotFound):
    message = "There is no such provider here."


class LoginExpired(Forbidden):
    """Also said of an answer that came twice, or in another browser than the one it is for."""

    code = "login_expired"
    message = "This log-in took too long, was used, or began in another browser. Start again."


class ProviderUnavailable(Unavailable):
    code = "provider_unavailable"
    message = "The provider cannot be reached right now. Try again in a moment."


class ProviderRefused(Forbidden):
    code = "provider_refused"
    message = "The provider did not let you in, or you told it not to."


class IdentityInvalid(Forbidden):
    """What the provider sent does not prove anything. `reason` is for the log only."""

    code = "identity_invalid"
    message = "What the provider said of you could not be verified."

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class EmailMissing(Forbidden):
    code = "email_missing"
    message = "The provider did not say what your e-mail address is."


class EmailUnverifiedThere(Forbidden):
    code = "email_unverified_there"
    message = "The provider has not verified your e-mail address. Verify it there first."


class LinkRequired(Conflict):
    code = "link_required"
    message = "There is an account with your e-mail address. Log in to it and link the provider."


class InvalidWebhook(Unauthorized):
    """The same for a missing, wrong or old signature."""

    code = "invalid_signature"
    message = "The signature is missing, wrong or too old."
