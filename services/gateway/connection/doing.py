"""Who does what a session wants done."""

from libs.common.times import rfc3339
from services.gateway.connection.client import Client
from services.gateway.connection.surroundings import Surroundings
from services.gateway.core import effects
from services.gateway.frames import heard


def perform(effect: effects.Effect, client: Client, around: Surroundings) -> None:  # noqa: PLR0912 - all there are
    """Do it; what takes time is begun."""
    match effect:
        case effects.Tell(frame=frame):
            client.tell(frame)
        case effects.Batch():
            client.outbox.form = client.outbox.form._replace(is_batched=True)
        case effects.TellTime(ref=ref):
            shown = heard.PongShown(
                server_time=rfc3339(around.clock.now()), pressure=around.pressure.level.value
            )
            client.tell(heard.Pong(ref=ref, data=shown))
        case effects.Submit():
            around.sending.submit(client, effect)
        case effects.ShowTyping():
            around.typing.show(client, effect)
        case effects.Attach():
            client.spawn(around.attaching.attach(client, effect))
        case effects.Detach(room_id=room_id, is_member=is_member):
            around.hub.leave(client, room_id)
            client.forget_room(room_id)
            if is_member:
                around.unattended.add(client, room_id)
            client.session.rooms_changed(around.clock.monotonic())
        case effects.ReadLog():
            client.spawn(around.syncing.sync(client, effect))
        case effects.Admit():
            client.spawn(around.admitting.admit(client, effect))
        case effects.Renew():
            client.spawn(around.admitting.renew(client, effect))
        case effects.Ping():
            client.ping()
        case effects.Report(change=change):
            around.sending.report(client, change)
        case effects.Close(code=code, reason=reason):
            client.part(code, reason)
