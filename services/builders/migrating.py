"""`python -m services migrate`: what has to be there before a service of its own can start.

--expand      before the first process of a release starts, while the one before runs
--contract    after the last process of the one before has ended
neither       both at once, while no service runs
"""

from collections.abc import Mapping, Sequence

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import pending
from libs.common.migrations import CONTRACT, Half
from libs.common.postgres import DatabaseSettings
from libs.common.settings import load
from services.builders.catalog import schema_of
from services.builders.databases import bring_up_to_date, role_of, wait_for
from services.builders.saying import say


async def run(names: Sequence[str], environ: Mapping[str, str], *, half: Half | None) -> int:
    """Bring the schemas of these services up to date and return the exit status.

    The role in DATABASE_URL must be allowed to make schemas; roles that are missing are made
    without a password. Raises: SettingsInvalid, CannotStart.
    """
    settings = load(DatabaseSettings, "", environ=environ)
    clock = SystemClock()
    await wait_for(settings, clock=clock, chance=SystemChance(clock))
    owner_dsn = settings.database_url.get_secret_value()
    await bring_up_to_date(owner_dsn, names, say, half=half)
    if half == "expand":
        # What is left are contracts: an expand that cannot be applied is refused.
        for name in names:
            for waiting in await pending(owner_dsn, schema_of(name, role_of(name))):
                say(f"{waiting.name} of {name} waits until only this release runs: then {CONTRACT}")
    return 0
