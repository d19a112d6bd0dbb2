"""Builds messages, which asks rooms and auth."""

from libs.common.service import Service
from libs.common.settings import load
from services.builders.site import Site
from services.messages import app
from services.messages.settings import PREFIX, MessagesSettings


def build(site: Site) -> Service:
    """Return the service."""
    settings = load(MessagesSettings, PREFIX, environ=site.environ)
    return app.build(
        settings,
        site.process,
        doors=site.doors(app.NAME),
        database=site.databases[app.NAME],
        claim=site.claim(app.NAME, settings.claim_lease_s),
        rooms=site.client(app.NAME, "rooms"),
        receipts=site.trust.receipts_of(app.NAME),
    )
