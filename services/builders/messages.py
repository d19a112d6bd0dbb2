"""Builds messages, which asks rooms."""

from libs.common.service import Service
from libs.common.settings import load
from services.builders.site import Site
from services.messages import app
from services.messages.settings import PREFIX, MessagesSettings


def build(site: Site) -> Service:
    """Return the service."""
    return app.build(
        load(MessagesSettings, PREFIX, environ=site.environ),
        site.process,
        doors=site.trust.doors(app.NAME),
        database=site.databases[app.NAME],
        rooms=site.client(app.NAME, "rooms"),
    )
