"""What only whoever runs the server may do."""

import argparse
import asyncio

import pytest

from libs.common.contracts.facts import USER_UPDATED, UserChanged
from libs.common.contracts.people import SystemRole
from services.auth.__main__ import main, obey
from services.auth.store.accounts import AccountNotFound
from services.auth.store.keys import KeysUnreadable
from tests.integration.auth.living import ORIGIN, Instance, SignedInPerson, Town
from tests.integration.auth.proving import App, acts, letters


def environ(town: Town, **more: str) -> dict[str, str]:
    return {"DATABASE_URL": town.dsn, "AUTH_SECRET": "s" * 32, "AUTH_PUBLIC_URL": ORIGIN} | more


async def make_owner(town: Town, email: str) -> str:
    return await obey(argparse.Namespace(command="owner", email=email), environ(town))


async def test_whoever_runs_the_server_makes_an_owner(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    done = await make_owner(town, "ALICE@example.org")
    await auth.register("Bob")

    assert done == "Alice is an owner now."
    assert (await alice.get("/v1/me")).json()["system_role"] == "owner"
    (fact,) = await town.heard(USER_UPDATED)
    assert isinstance(fact, UserChanged)
    assert (fact.system_role, fact.version) == (SystemRole.OWNER, 2)


async def test_being_made_owner_twice_is_being_owner(town: Town, alice: SignedInPerson) -> None:
    await make_owner(town, alice.email)

    assert await make_owner(town, alice.email) == "Alice is an owner now."


async def test_nobody_is_made_owner_by_a_misspelt_address(
    town: Town, alice: SignedInPerson
) -> None:
    with pytest.raises(AccountNotFound):
        await make_owner(town, "alicia@example.org")


async def test_the_link_is_void_once_somebody_is_owner(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await make_owner(town, alice.email)
    stranger = await auth.client()
    token = auth.links[0].partition("#token=")[2]
    body = {"email": "b@example.org", "password": "b" * 20, "name": "B", "owner_token": token}

    assert (await stranger.post("/v1/auth/register", json=body)).status_code == 403


async def test_who_has_lost_all_second_factors_is_helped_by_whoever_runs_the_server(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await App.of(alice, town)

    wanted = argparse.Namespace(command="forget-factors", email="ALICE@example.org")
    done = await obey(wanted, environ(town))

    assert done == "Alice logs in with the password alone now."
    assert (await auth.log_in(alice.email)).status_code == 200
    assert await letters(auth, "second_factor_changed") == [alice.email] * 2
    assert await acts(auth, "second_factors.forgotten") == ["done"]
    with pytest.raises(AccountNotFound):
        await obey(argparse.Namespace(command="forget-factors", email="x"), environ(town))


async def test_keys_are_rotated_by_hand(town: Town, auth: Instance) -> None:
    done = await obey(argparse.Namespace(command="rotate-keys"), environ(town))
    await auth.service.on_start[1]()

    stranger = await auth.client()
    keys = (await stranger.get("/v1/.well-known/jwks.json")).json()["keys"]
    assert len(keys) == 2
    assert done == f"{keys[1]['kid']} signs in 600 seconds."


async def test_the_first_key_can_be_made_by_hand_too(town: Town) -> None:
    done = await obey(argparse.Namespace(command="rotate-keys"), environ(town))

    async with town.instance() as auth:
        stranger = await auth.client()
        (key,) = (await stranger.get("/v1/.well-known/jwks.json")).json()["keys"]
    assert done.startswith(key["kid"])


async def test_keys_are_rotated_with_their_own_secret_only(town: Town, auth: Instance) -> None:
    with pytest.raises(KeysUnreadable):
        await obey(argparse.Namespace(command="rotate-keys"), environ(town, AUTH_SECRET="t" * 32))


async def test_the_command_line_tells_what_was_done(
    town: Town, alice: SignedInPerson, capfd: pytest.CaptureFixture[str]
) -> None:
    status = await asyncio.to_thread(main, ["owner", alice.email], environ(town))

    assert status == 0
    assert "Alice is an owner now.\n" in capfd.readouterr().out


async def test_the_command_line_tells_what_went_wrong(
    town: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    status = await asyncio.to_thread(main, ["owner", "nobody@example.org"], environ(town))

    assert status == 1
    assert capfd.readouterr().err == "There is no such user.\n"


def test_a_command_without_a_database_says_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["owner", "alice@example.org"], {}) == 1
    assert capsys.readouterr().err.startswith("DATABASE_URL is missing.")


@pytest.mark.parametrize("arguments", [[], ["owner"], ["member", "alice@example.org"]])
def test_an_unknown_command_is_explained(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments, {})

    assert "usage: python -m services.auth" in capsys.readouterr().err
