"""Builds auth."""

from libs.common.service import Service
from libs.common.settings import load
from services.auth import app
from services.auth.api.hashing import argon2id
from services.auth.api.owner import Announce
from services.auth.api.privacy.neighbours import Neighbours
from services.auth.settings.general import PREFIX, AuthSettings
from services.auth.settings.identity import PREFIX as IDENTITY
from services.auth.settings.identity import IdentitySettings
from services.auth.settings.mail import PREFIX as MAIL
from services.auth.settings.mail import MailSettings
from services.auth.settings.privacy import PREFIX as PRIVACY
from services.auth.settings.privacy import PrivacySettings
from services.builders.catalog import KEEPING
from services.builders.saying import say
from services.builders.site import Site
from services.builders.trust import AUDIENCES, LEEWAY_S


def build(site: Site, *, announce: Announce) -> Service:
    """Return the service. `announce` is shown the link that makes the first owner."""
    settings = load(AuthSettings, PREFIX, environ=site.environ)
    return app.build(
        settings,
        site.process,
        mail=load(MailSettings, MAIL, environ=site.environ),
        identity=load(IdentitySettings, IDENTITY, environ=site.environ),
        database=site.databases[app.NAME],
        trust=app.Trust(
            issuer=site.trust.issuer,
            audiences=AUDIENCES,
            leeway_s=LEEWAY_S,
            services=site.trust.callers_of(app.NAME),
            revoked=site.trust.revoked,
            neighbours=_neighbours(site),
        ),
        slow_hash=argon2id(settings),
        announce=announce,
        say=say,
    )


def _neighbours(site: Site) -> Neighbours:
    return Neighbours(
        settings=load(PrivacySettings, PRIVACY, environ=site.environ),
        others={name: site.client(app.NAME, name) for name in KEEPING if name != app.NAME},
        receipts=site.trust.receipts_of(app.NAME),
        reader=site.trust.receipt_reader(),
    )
