"""What only whoever runs the server may do: `python -m services.auth owner EMAIL`, `erase EMAIL`,
`forget-factors EMAIL`, `rotate-keys`.

Works on the database at DATABASE_URL, as auth's own role, whether the service runs or not; one that
runs tells the others within a second. `python -m services run` starts the service.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.errors import ChatError
from libs.common.postgres import Database, DatabaseSettings
from libs.common.settings import SettingsInvalid, load
from services.auth.api.factors.operator import forget_factors
from services.auth.api.owner import make_owner
from services.auth.api.privacy.operator import erase
from services.auth.api.renewal import KeyRenewal
from services.auth.app import NAME
from services.auth.core.keys import SEALS_SIGNING_KEYS, derived
from services.auth.settings.general import PREFIX, AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.erasures import ErasureStore
from services.auth.store.facts import Facts
from services.auth.store.keys import KeyStore, KeysUnreadable

FAILED: Final = 1
CLOSE_TIMEOUT_S: Final = 2.0


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Obey the command line and return the exit status."""
    try:
        done = asyncio.run(obey(_parsed(arguments), environ))
    except (ChatError, KeysUnreadable, SettingsInvalid) as reason:
        sys.stderr.write(f"{reason}\n")
        return FAILED
    sys.stdout.write(f"{done}\n")
    return 0


async def obey(wanted: argparse.Namespace, environ: Mapping[str, str]) -> str:
    """Do what is wanted and return what was done, in a sentence.

    Raises: AccountNotFound, LastOwner, KeysUnreadable, SettingsInvalid, Unavailable.
    """
    clock = SystemClock()
    database = await Database.connect(
        load(DatabaseSettings, "", environ=environ),
        service=NAME,
        clock=clock,
        chance=SystemChance(clock),
    )
    facts = Facts(database, wake=_leave_to_the_service)
    try:
        if wanted.command == "owner":
            account = await make_owner(AccountStore(database, facts), wanted.email, clock=clock)
            return f"{account.name} is an owner now."
        if wanted.command == "forget-factors":
            account = await forget_factors(database, wanted.email, clock=clock)
            return f"{account.name} logs in with the password alone now."
        if wanted.command == "erase":
            erasure = await erase(
                ErasureStore(database, facts),
                wanted.email,
                clock=clock,
                chance=SystemChance(clock),
            )
            return f"Erasure {erasure.id} begins as soon as auth runs."
        settings = load(AuthSettings, PREFIX, environ=environ)
        sealing_key = derived(settings.secret.get_secret_value(), SEALS_SIGNING_KEYS)
        store = KeyStore(database, facts, sealing_key=sealing_key)
        keys = await KeyRenewal(store, settings, clock=clock).rotated()
        return f"{keys.keys[-1].kid} signs in {settings.key_lead_s} seconds."
    finally:
        await database.close(CLOSE_TIMEOUT_S)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.auth", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    owner = commands.add_parser("owner", help="make an account an owner of the whole system")
    owner.add_argument("email", help="the e-mail address of the account")
    erased = commands.add_parser("erase", help="erase a person from all services, for good")
    erased.add_argument("email", help="the e-mail address of the account")
    forgotten = commands.add_parser(
        "forget-factors", help="take away the second factors of somebody who has lost them all"
    )
    forgotten.add_argument("email", help="the e-mail address of the account")
    commands.add_parser("rotate-keys", help="make the next key that signs access tokens")
    return parser.parse_args(arguments)


def _leave_to_the_service() -> None:
    """The relay of a running service looks into the outbox by itself."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
