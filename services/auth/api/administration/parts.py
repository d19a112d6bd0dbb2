"""All of administration: its endpoints, and the worker that lets old entries go."""

import structlog

from libs.common.http.endpoint import Endpoint
from libs.common.service import Worker
from services.auth.api.administration.audit_log import AuditLog
from services.auth.api.administration.invites import InvitesAdministration
from services.auth.api.administration.policy import PolicyAdministration
from services.auth.api.administration.users import UsersAdministration
from services.auth.api.surroundings import Surroundings
from services.auth.api.sweeping import sweeping
from services.auth.settings.general import DAY_S
from services.auth.store.audit import AuditStore
from services.auth.store.invites import InviteStore

log = structlog.get_logger()


class AdministrationApi:
    """What those may do who run the server."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._audit = AuditStore(around.database)
        self._invites = InviteStore(around.database)
        self._parts = (
            PolicyAdministration(around),
            UsersAdministration(around),
            InvitesAdministration(around),
            AuditLog(around),
        )

    def endpoints(self) -> list[Endpoint]:
        return [endpoint for part in self._parts for endpoint in part.endpoints()]

    def workers(self) -> list[Worker]:
        return [Worker("retention", self.run)]

    async def run(self) -> None:
        """Sweep again and again, for ever; a worker does this."""
        around = self._around
        await sweeping(
            self.sweep, "retention", every_s=around.settings.sweep_every_s, clock=around.clock
        )

    async def sweep(self) -> None:
        """Delete what is older than the operator wants: entries, and expired invitations."""
        before = self._around.clock.now() - self._around.settings.audit_days * DAY_S
        while await self._audit.forget(before=before):
            pass
        await self._invites.sweep(before=before)
