"""The two frames with which a connection begins."""

from collections.abc import Sequence

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import ConnectionId
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import ChosenState
from services.gateway.core.bearer import Bearer
from services.gateway.frames import heard
from services.gateway.settings import GatewaySettings


def limits_of(settings: GatewaySettings) -> heard.LimitsShown:
    """Return what `hello` tells every client; made once."""
    return heard.LimitsShown(
        **{name: getattr(settings, name) for name in heard.LimitsShown.model_fields}
    )


def hello_of(
    settings: GatewaySettings,
    limits: heard.LimitsShown,
    *,
    connection_id: ConnectionId,
    server_time: str,
) -> heard.Hello:
    """Return what everybody hears first."""
    shown = heard.HelloShown(
        connection_id=connection_id,
        server_time=server_time,
        auth_timeout_ms=round(settings.auth_timeout_s * 1000),
        heartbeat_ms=round(settings.heartbeat_s * 1000),
        limits=limits,
    )
    return heard.Hello(data=shown)


def ready_of(
    bearer: Bearer,
    standings: Sequence[RoomStanding],
    *,
    presence_state: ChosenState,
    ref: str | None,
) -> heard.Ready:
    """Return what somebody hears who was let in."""
    person = bearer.person
    rooms = tuple(
        heard.StandingShown(
            room_id=standing.room_id,
            epoch=standing.epoch,
            head_seq=standing.head_seq,
            read_seq=standing.read_seq,
            unread=standing.unread,
            mentions=standing.mentions,
            role=standing.role,
        )
        for standing in standings[: heard.MAX_ROOMS]
    )
    shown = heard.ReadyShown(
        person=PersonShown.of(person),
        session_id=bearer.session_id,
        expires_at=bearer.expires_text,
        rooms=rooms,
        presence_state=presence_state,
    )
    return heard.Ready(ref=ref, data=shown)
