"""Which names deceive: those of the system, those of the people who run the server, and words of
letters that only look as if they belonged together.

Who writes to people as "Admin", or as the owner with one letter of another alphabet, is believed.
So such names are refused to everybody else, in whatever letters that look the same. Scripts are
looked at word by word, because people do write their name in two scripts side by side.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from libs.common.errors import Invalid
from libs.common.lookalikes.marks import has_piled_marks
from libs.common.lookalikes.scripts import is_mixed
from libs.common.lookalikes.skeletons import skeletons

SYSTEM_NAMES: Final = """
    abuse admin administration administrator administrators admins bot channel deleted everybody
    everyone guest helpdesk here host hubbub hubbub-admin hubbub-support hubbub-team info mod
    moderation moderator moderators mods none nobody notifications notification noreply null
    official operator owner owners root security server staff superuser support sysadmin system
    team undefined user webmaster
"""

EVERYBODY: Final = "all"
"""One such name that only itself is taken for: in capitals people called Ali look like it."""


def check_name(name: str, *, of_staff: Iterable[str], is_staff: bool) -> None:
    """Refuse a name that people would take for somebody else's.

    `of_staff` are the names of the other owners and admins; `is_staff`: this is the name of one.

    Raises: Invalid, on `name`.
    """
    if any(is_mixed(word) for word in name.split()):
        raise _refused("must not mix alphabets within a word")
    if has_piled_marks(name):
        raise _refused("must not pile up marks on a letter")
    looks = skeletons(name)
    if not is_staff and (name.casefold() == EVERYBODY or looks & _system_names()):
        raise _refused("is reserved: choose another")
    if any(looks & skeletons(other) for other in of_staff):
        raise _refused("looks like the name of somebody who runs this server: choose another")


@cache
def _system_names() -> frozenset[str]:
    return frozenset().union(*(skeletons(name) for name in SYSTEM_NAMES.split()))


def _refused(reason: str) -> Invalid:
    return Invalid(fields={"name": reason})
