"""Builds auth."""

from libs.common.service import Service
from libs.common.settings import load
from services.auth import app
from services.auth.api.hashing import argon2id
from services.auth.api.owner import Announce
from services.auth.settings.general import PREFIX, AuthSettings
from services.builders.site import Site
from services.builders.trust import AUDIENCES, LEEWAY_S


def build(site: Site, *, announce: Announce) -> Service:
    """Return the service. `announce` is shown the link that makes the first owner."""
    settings = load(AuthSettings, PREFIX, environ=site.environ)
    return app.build(
        settings,
        site.process,
        database=site.databases[app.NAME],
        trust=app.Trust(
            issuer=site.trust.issuer,
            audiences=AUDIENCES,
            leeway_s=LEEWAY_S,
            services=site.trust.callers_of(app.NAME),
            revoked=site.trust.revoked,
        ),
        slow_hash=argon2id(settings),
        announce=announce,
    )
