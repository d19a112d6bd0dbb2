"""Which scope an API token needs for each command.

A socket is for those who hear: without `HEARING` a token opens none, so commands that only listen
ask for nothing more.

See: docs/bots.md.
"""

from collections.abc import Mapping
from typing import Final

from libs.common.contracts.scopes import Scope
from services.gateway.frames import said

HEARING: Final = Scope.MESSAGES_READ

SCOPES: Final[Mapping[type[said.Said], Scope]] = {
    said.Refresh: HEARING,
    said.Resume: HEARING,
    said.JoinRoom: HEARING,
    said.LeaveRoom: HEARING,
    said.Sync: HEARING,
    said.Read: HEARING,
    said.Typing: Scope.MESSAGES_WRITE,
    said.SendMessage: Scope.MESSAGES_WRITE,
    said.EditMessage: Scope.MESSAGES_WRITE,
    said.DeleteMessage: Scope.MESSAGES_WRITE,
    said.AddReaction: Scope.MESSAGES_WRITE,
    said.RemoveReaction: Scope.MESSAGES_WRITE,
    said.SetPresence: Scope.PRESENCE,
}
"""One that is missing takes no API token."""
