"""What news of a person changes here, in whatever order they come.

The source's own time decides: of two pieces of news the later one holds, and between equals a
deletion. An identity that once had an account gets no other one from news, or erasing an account
would last until the next change elsewhere.

    heard before        created / updated                    deleted
    newer, or gone      nothing                              nothing, unless it is newer
    no account, never   a new account, if it has an address  remembered
    no account, once    nothing                              remembered
    account             name; address if it is the source    unlinked, account disabled
"""

from enum import Enum

from services.auth.model.identities import Heard, News


class Step(Enum):
    """What is to be done."""

    NOTHING = "nothing"
    MAKE = "make"
    CHANGE = "change"
    LEAVE = "leave"


def is_newer(news: News, heard: Heard) -> bool:
    """Tell whether news say more than what was heard last."""
    return (news.updated_at, news.is_gone) > (heard.updated_at, heard.is_gone)


def step(news: News, heard: Heard, *, has_account: bool) -> Step:
    """Return what news come to."""
    if not is_newer(news, heard):
        return Step.NOTHING
    if news.is_gone:
        return Step.LEAVE if has_account else Step.NOTHING
    if has_account:
        return Step.CHANGE
    return Step.NOTHING if heard.was_linked else Step.MAKE
