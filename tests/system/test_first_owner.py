"""How a new server gets its owner: by a link that its start prints, good once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from hubbub_client.api import Api
from hubbub_client.frames import Refused
from tests.support.program import Program
from tests.support.shapes import OWNER_LINK, Shape
from tests.system.founding import AT_ONCE, Founding, claim
from tests.system.people import PASSWORD

# In this order: an owner is made once in the life of a server.
pytestmark = pytest.mark.asyncio(loop_scope="package")

ADDRESS: Final = "https://chat.example.org"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def beginning(module_folder: Path) -> AsyncIterator[Program]:
    """A program that begins without an owner, and without anybody."""
    async with Program(module_folder) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def api(beginning: Program) -> AsyncIterator[Api]:
    """Bob's in that program, with the token of his last log-in."""
    async with Api(beginning.url) as api:
        yield api


async def test_of_many_who_use_the_link_at_once_one_becomes_the_owner(
    program: Shape, founding: Founding
) -> None:
    assert sorted(founding.outcomes) == ["invalid_owner_token"] * (AT_ONCE - 1) + ["owner"]
    assert await claim(program, "late", founding.token) == "invalid_owner_token"


async def test_who_came_too_late_has_no_account_either(program: Shape) -> None:
    async with Api(program.url) as late:
        with pytest.raises(Refused, match="invalid_credentials"):
            await late.log_in("late@example.org", PASSWORD)


class TestStartingAgain:
    async def test_who_registers_first_without_the_link_is_a_member(self, api: Api) -> None:
        tokens = await api.register("bob@example.org", PASSWORD, "Bob")

        assert tokens.user["system_role"] == "member"

    async def test_another_start_makes_another_link_to_where_people_reach_it(
        self, beginning: Program
    ) -> None:
        earlier = beginning.owner_token
        await beginning.stop()
        beginning.settings["PUBLIC_URL"] = ADDRESS
        await beginning.start()

        (link,) = [line for line in beginning.output if OWNER_LINK.search(line)]
        assert f"{ADDRESS}/setup#token=" in link
        assert beginning.owner_token != earlier
        assert await claim(beginning, "eve", earlier) == "invalid_owner_token"

    async def test_a_token_for_the_former_address_is_void_though_our_own_key_signed_it(
        self, api: Api
    ) -> None:
        with pytest.raises(Refused, match="unauthenticated"):
            await api.call("GET", "/v1/me")

        await api.log_in("bob@example.org", PASSWORD)

        assert (await api.call("GET", "/v1/me"))["name"] == "Bob"

    async def test_a_server_with_an_owner_prints_no_link(self, beginning: Program) -> None:
        used = beginning.owner_token
        assert await claim(beginning, "alice", used) == "owner"
        await beginning.stop()
        await beginning.start()

        assert not [line for line in beginning.output if OWNER_LINK.search(line)]
        assert await claim(beginning, "later", used) == "invalid_owner_token"
