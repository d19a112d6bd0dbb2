"""What a ban says to whom it keeps out."""

from libs.common.errors import Forbidden


class Banned(Forbidden):
    """Said at the door to who holds a link; to others a ban says what the permissions say."""

    code = "banned"
    message = "You are banned from this room."
