"""Builds the gateway, which asks all others."""

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from libs.common.listeners import ListenerSettings
from libs.common.service import Service
from libs.common.settings import load
from services.builders.site import Site
from services.gateway import app
from services.gateway.settings import PREFIX, GatewaySettings


def build(
    site: Site, *, beside: Callable[[ASGIApp], ASGIApp], instead: Mapping[str, object]
) -> Service:
    """Return the service.

    `beside` puts other apps beside the gateway's own on the one port. `instead` are settings that
    this shape knows better than the environment.
    """
    settings = load(GatewaySettings, PREFIX, environ=site.environ)
    return app.build(
        settings.model_copy(update=dict(instead)),
        site.process,
        doors=site.doors(app.NAME),
        revoked=site.trust.revoked,
        others=app.Others(
            auth=site.client(app.NAME, "auth"),
            messages=site.client(app.NAME, "messages"),
            presence=site.client(app.NAME, "presence"),
            rooms=site.client(app.NAME, "rooms"),
        ),
        listening=load(ListenerSettings, "", environ=site.environ),
        beside=beside,
        on_keys_rotated=site.trust.note_rotated,
    )
