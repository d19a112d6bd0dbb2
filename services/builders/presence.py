"""Builds presence, which asks rooms and auth."""

from libs.common.service import Service
from libs.common.settings import load
from services.builders.site import Site
from services.presence import app
from services.presence.settings import PREFIX, PresenceSettings


def build(site: Site) -> Service:
    """Return the service."""
    return app.build(
        load(PresenceSettings, PREFIX, environ=site.environ),
        site.process,
        doors=site.doors(app.NAME),
        database=site.databases[app.NAME],
        rooms=site.client(app.NAME, "rooms"),
        receipts=site.trust.receipts_of(app.NAME),
    )
