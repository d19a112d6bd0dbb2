"""What an API token may be used for.

A session may do whatever its person may; an API token only what its scopes name, and never more
than its person. Each public endpoint and each command of the socket says which scope it takes; one
that names none takes no API token at all.

Law: additive only. Tokens in the database name them.

See: docs/bots.md.
"""

from enum import StrEnum


class Scope(StrEnum):
    ROOMS_READ = "rooms:read"
    """See rooms, their members, and how the caller stands in them."""

    ROOMS_WRITE = "rooms:write"
    """Make, change, join and leave rooms, and look after their members."""

    MESSAGES_READ = "messages:read"
    """Read and hear what is written, and say how far one has read."""

    MESSAGES_WRITE = "messages:write"
    """Write, edit, delete and react."""

    PRESENCE = "presence"
    """See who is there, and choose what to be seen as."""

    USERS_READ = "users:read"
    """Look people up."""

    PROFILE = "profile"
    """See and change the caller's own profile."""

    ADMIN = "admin"
    """Look after the accounts of others, as far as the caller's role goes."""
