"""Builds rooms, which asks auth."""

from libs.common.service import Service
from libs.common.settings import load
from services.builders.site import Site
from services.rooms import app
from services.rooms.settings import PREFIX, RoomsSettings


def build(site: Site) -> Service:
    """Return the service."""
    return app.build(
        load(RoomsSettings, PREFIX, environ=site.environ),
        site.process,
        doors=site.doors(app.NAME),
        database=site.databases[app.NAME],
        auth=site.client(app.NAME, "auth"),
        receipts=site.trust.receipts_of(app.NAME),
        public_url=site.trust.issuer,
    )
