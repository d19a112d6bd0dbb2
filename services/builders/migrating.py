"""`python -m services migrate`: what has to be there before a service of its own can start."""

import sys
from collections.abc import Mapping, Sequence

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.postgres import DatabaseSettings
from libs.common.settings import load
from services.builders.databases import bring_up_to_date, wait_for


async def run(names: Sequence[str], environ: Mapping[str, str]) -> int:
    """Bring the schemas of these services up to date and return the exit status.

    The role in DATABASE_URL must be allowed to make schemas; roles that are missing are made
    without a password. Raises: SettingsInvalid, StartFailed.
    """
    settings = load(DatabaseSettings, "", environ=environ)
    clock = SystemClock()
    await wait_for(settings, clock=clock, chance=SystemChance(clock))
    await bring_up_to_date(settings.database_url.get_secret_value(), names, _say)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
