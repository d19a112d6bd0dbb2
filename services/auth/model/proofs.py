"""What people prove with who they are."""

from enum import StrEnum


class Method(StrEnum):
    """What a log-in or a step-up was proved with."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    IDENTITY = "identity"
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY = "recovery"
