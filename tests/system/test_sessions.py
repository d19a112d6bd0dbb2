"""How long somebody is who they say they are: logging out, refreshing, and tokens of others."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from hubbub_client.frames import Refused
from tests.system.people import Person
from tests.system.wire import Wire, authenticate, wire
from tests.unit.common.forging import STRANGER, encode, forge, forge_hmac, forge_unsigned

pytestmark = pytest.mark.asyncio(loop_scope="package")

REVOKED_WITHIN_S: Final = 10.0
"""On a busy machine; on an idle one it is a moment."""

OF_EVERY_SERVICE: Final = ("/v1/me", "/v1/rooms", "/v1/me/unread", "/v1/presence?user_ids={me}")


@pytest_asyncio.fixture(loop_scope="package")
async def phone(bob: Person) -> AsyncIterator[Person]:
    """Bob, logged in once more."""
    async with bob.on_another_device() as person:
        yield person


def decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "==")


async def assert_cut(*wires: Wire) -> None:
    """See that these sockets are closed in time."""
    async with asyncio.timeout(REVOKED_WITHIN_S):
        for one in wires:
            assert await one.closed() == (4401, "revoked")


async def assert_refused(person: Person, code: str) -> None:
    """See that a person's token opens no door any more."""
    for path in OF_EVERY_SERVICE:
        answer = await person.call("GET", path.format(me=person.id))
        assert (answer.status_code, answer.json()["code"]) == (401, code), path
    with pytest.raises(InvalidStatus) as handshake:
        async with wire(person.socket_url, headers=person.bearer):
            pass
    assert handshake.value.response.status_code == httpx.codes.UNAUTHORIZED
    async with wire(person.socket_url) as one:
        refusal = await authenticate(one, person.token)
        assert refusal.data["code"] == code
        assert (await one.closed())[0] == 4401


class TestEndings:
    async def test_a_log_out_cuts_the_sockets_of_its_session_and_no_other(
        self, bob: Person, phone: Person
    ) -> None:
        async with phone.wire() as one, phone.wire() as two, bob.wire() as elsewhere:
            answer = await phone.call("POST", "/v1/auth/logout")
            await assert_cut(one, two)
            await elsewhere.settle()

        assert answer.status_code == httpx.codes.NO_CONTENT
        await assert_refused(phone, "session_revoked")
        assert (await bob.call("GET", "/v1/me")).is_success

    async def test_a_session_ended_from_the_list_is_cut_too(
        self, bob: Person, phone: Person
    ) -> None:
        sessions = (await phone.get("/v1/auth/sessions"))["items"]
        (its_id,) = [one["id"] for one in sessions if one["current"]]

        async with phone.wire() as one:
            answer = await bob.call("DELETE", f"/v1/auth/sessions/{its_id}")
            await assert_cut(one)

        assert answer.status_code == httpx.codes.NO_CONTENT

    async def test_a_session_is_not_for_others_to_end(self, alice: Person, phone: Person) -> None:
        sessions = (await phone.get("/v1/auth/sessions"))["items"]

        answers = [await alice.call("DELETE", f"/v1/auth/sessions/{one['id']}") for one in sessions]

        assert {answer.status_code for answer in answers} == {404}
        assert (await phone.call("GET", "/v1/me")).is_success

    async def test_a_log_out_everywhere_leaves_nothing_open(self, charlie: Person) -> None:
        async with charlie.on_another_device() as here, charlie.on_another_device() as there:
            async with here.wire() as one, there.wire() as two:
                await here.call("POST", "/v1/auth/logout-all")
                await assert_cut(one, two)
            with pytest.raises(Refused) as refusal:
                await there.api.refresh()

        assert refusal.value.code == "session_revoked"


class TestRefreshing:
    async def test_a_refresh_gives_a_new_pair_and_the_socket_goes_on_with_it(
        self, phone: Person
    ) -> None:
        async with phone.wire() as one:
            old = phone.refresh_token
            await phone.api.refresh()
            answer = await one.ask("refresh", token=phone.token)

        assert phone.refresh_token != old
        assert set(answer.data) == {"expires_at"}

    async def test_an_answer_that_was_lost_is_given_again(self, phone: Person) -> None:
        body = {"refresh_token": phone.refresh_token}

        first = await phone.call("POST", "/v1/auth/refresh", body)
        again = await phone.call("POST", "/v1/auth/refresh", body)

        assert again.json()["refresh_token"] == first.json()["refresh_token"]

    async def test_an_old_refresh_token_ends_the_session_of_the_thief_and_the_owner(
        self, phone: Person
    ) -> None:
        stolen = phone.refresh_token
        await phone.api.refresh()
        await phone.api.refresh()

        async with phone.wire() as one:
            reuse = await phone.call("POST", "/v1/auth/refresh", {"refresh_token": stolen})
            await assert_cut(one)

        assert (reuse.status_code, reuse.json()["code"]) == (401, "session_revoked")
        await assert_refused(phone, "session_revoked")
        with pytest.raises(Refused, match="session_revoked"):
            await phone.api.refresh()


Forgery = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], str]
"""From the header and the claims of a good token and the published key to a bad one."""

FORGERIES: Final[dict[str, Forgery]] = {
    "unsigned": lambda head, body, key: forge_unsigned(head, body),
    "algorithm none": lambda head, body, key: forge_unsigned(head | {"alg": "none"}, body),
    "signed with the public key": lambda head, body, key: forge_hmac(
        head | {"alg": "HS256"}, body, secret=key["x"].encode()
    ),
    "signed by a stranger": lambda head, body, key: forge(head, body, key=STRANGER),
    "a stranger's key": lambda head, body, key: forge(
        head | {"kid": STRANGER.kid}, body, key=STRANGER
    ),
    "a key brought along": lambda head, body, key: forge(
        head | {"jwk": STRANGER.public.to_jwk()}, body, key=STRANGER
    ),
    "a key by address": lambda head, body, key: forge(
        head | {"jku": "http://127.0.0.1/keys"}, body, key=STRANGER
    ),
    "another type": lambda head, body, key: forge(head | {"typ": "refresh+jwt"}, body),
    "a header without end": lambda head, body, key: forge(head | {"kid": "k" * 9000}, body),
    "nothing": lambda head, body, key: "..",
}


class TestForeignTokens:
    @pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
    async def test_a_forged_token_opens_nothing(
        self, bob: Person, stranger: httpx.AsyncClient, forgery: Forgery
    ) -> None:
        head, body = (json.loads(decode(part)) for part in bob.token.split(".")[:2])
        (key,) = (await stranger.get("/v1/.well-known/jwks.json")).json()["keys"]
        forged = {"authorization": f"Bearer {forgery(head, body, key)}"}

        answers = [
            await stranger.get(path.format(me=bob.id), headers=forged) for path in OF_EVERY_SERVICE
        ]

        assert {answer.status_code for answer in answers} == {401}
        assert {answer.json()["code"] for answer in answers} == {"unauthenticated"}

    async def test_changed_claims_open_nothing(
        self, alice: Person, bob: Person, stranger: httpx.AsyncClient
    ) -> None:
        head, body, signature = bob.token.split(".")
        claims = json.loads(decode(body)) | {"sub": alice.id}
        changed = f"{head}.{encode(claims)}.{signature}"

        answer = await stranger.get("/v1/me", headers={"authorization": f"Bearer {changed}"})

        assert answer.status_code == httpx.codes.UNAUTHORIZED

    async def test_a_refresh_token_is_no_access_token(self, bob: Person) -> None:
        answer = await bob.call(
            "GET", "/v1/me", headers={"authorization": f"Bearer {bob.refresh_token}"}
        )

        assert answer.status_code == httpx.codes.UNAUTHORIZED
        async with wire(bob.socket_url) as one:
            refusal = await authenticate(one, bob.refresh_token)
            assert refusal.data["code"] == "unauthenticated"
            assert await one.closed() == (4401, "invalid")
