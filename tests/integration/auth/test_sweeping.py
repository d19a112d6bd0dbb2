"""What nobody asks for again is deleted, and nothing else."""

import asyncio

from libs.common.rates_postgres import PostgresRates
from services.auth.api.sweeping import Sweeping
from services.auth.settings.general import AuthSettings
from services.auth.store.attempts import AttemptStore
from services.auth.store.factors.sweeping import LoginRemains
from services.auth.store.facts import Facts
from services.auth.store.sessions import SessionStore
from tests.integration.auth.living import ORIGIN, WAIT_S, Instance, Town
from tests.integration.auth.proving import App, challenge_of

DAY_S = 86_400.0


async def count(auth: Instance, table: str) -> object:
    return await auth.database.fetchval(f"SELECT count(*) FROM {table}")


async def sweep(auth: Instance, town: Town) -> None:
    """Sweep once, by the default settings."""
    facts = Facts(auth.database, wake=lambda: None)
    settings = AuthSettings.model_validate({"secret": "s" * 32, "public_url": ORIGIN})
    sweeping = Sweeping(
        SessionStore(auth.database, facts),
        AttemptStore(auth.database),
        PostgresRates(auth.database, town.clock),
        LoginRemains(auth.database),
        settings=settings,
        clock=town.clock,
    )
    await sweeping.sweep()


async def test_a_session_that_ended_is_kept_while_its_tokens_could_be_shown(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await alice.post("/v1/auth/logout")
        await town.clock.advance(900.0 + 3_600.0)
        await sweep(auth, town)
        kept = await count(auth, "session")
        await town.clock.advance(1.0)
        await sweep(auth, town)

        assert (kept, await count(auth, "session")) == (1, 0)


async def test_an_expired_session_is_deleted(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        await auth.register("Alice")
        await town.clock.advance(7 * DAY_S)
        await auth.register("Bob")
        await town.clock.advance(3_601.0)
        await sweep(auth, town)

        assert await count(auth, "session") == 1


async def test_old_counts_of_attempts_are_forgotten(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        await auth.log_in("nobody@example.org", "wrong password")
        await town.clock.advance(3_600.0)
        await sweep(auth, town)
        kept = await count(auth, "login_attempt")
        await town.clock.advance(901.0)
        await sweep(auth, town)

        assert (kept, await count(auth, "login_attempt")) == (1, 0)


async def test_unfinished_log_ins_and_old_places_are_forgotten(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await App.of(alice, town)
        await challenge_of(auth, alice)
        await auth.database.execute("DELETE FROM totp")
        await auth.log_in(alice.email)
        await town.clock.advance(3_901.0)
        await sweep(auth, town)
        places = await count(auth, "known_place")
        await town.clock.advance(180 * DAY_S)
        await sweep(auth, town)

        assert await count(auth, "login_challenge") == 0
        assert (places, await count(auth, "known_place")) == (1, 0)


async def test_a_worker_sweeps_now_and_then(town: Town) -> None:
    async with town.instance(workers={"sweeping"}, sweep_every_s=600.0) as auth:
        await auth.log_in("nobody@example.org", "wrong password")

        async with asyncio.timeout(WAIT_S):
            # The worker asks the database, which takes its own time.
            while await count(auth, "login_attempt"):
                await town.clock.advance(600.0)
