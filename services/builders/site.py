"""What a service finds around it: the shapes differ in how they fill this in, nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from libs.common.claims import Claim
from libs.common.client import InternalClient
from libs.common.process import Doors, Process
from services.builders.trust import Trust

if TYPE_CHECKING:
    # The gateway keeps nothing, and is installed without what speaks to Postgres.
    from libs.common.postgres import Database


@dataclass(frozen=True, slots=True)
class Site:
    """`databases` has one for each service of this process that keeps something.

    `client(caller, callee)` returns what one service asks another with; `claim(service, lease_s)`
    what tells an instance from the others of its service.
    """

    environ: Mapping[str, str]
    process: Process
    trust: Trust
    databases: "Mapping[str, Database]"
    client: Callable[[str, str], InternalClient]
    claim: Callable[[str, float], Claim]

    def doors(self, service: str) -> Doors:
        """Return who is let in by `service`."""
        return self.trust.doors(service, auth=self.client(service, "auth"), http=self.process.http)
