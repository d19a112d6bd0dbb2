"""What second factors are refused for.

A wrong proof is 403 and not 401: the access token beside it is good, and clients need not fetch
another. Only a log-in that can no longer be finished is 401, as it has to begin anew.
"""

from libs.common.errors import Conflict, Forbidden, Unauthorized


class InvalidCode(Forbidden):
    """The same for a code that was never right and for one that was used."""

    code = "invalid_code"
    message = "This code is wrong or was used. Wait for the next one."


class InvalidPassword(Forbidden):
    code = "invalid_password"
    message = "The password is wrong."


class ChallengeExpired(Unauthorized):
    """Used, too old, or another client's."""

    code = "challenge_expired"
    message = "This log-in took too long. Begin again."


class PasskeyRefused(Forbidden):
    """Its signature is wrong, it is not known here, or its challenge is no longer good."""

    code = "passkey_refused"
    message = "This passkey was not accepted. Try again."


class PasskeysUnavailable(Forbidden):
    """Browsers tie passkeys to a host's name, and only where nobody listens on the way."""

    code = "passkeys_unavailable"
    message = "Passkeys need this server to be reached by a name, over TLS."


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"
    message = "There are too many passkeys. Remove one first."


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    message = "Add an authenticator app or a passkey first."
