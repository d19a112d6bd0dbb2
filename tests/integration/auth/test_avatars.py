"""What a person looks like: sent by themselves, drawn anew, shown to those who are logged in."""

import asyncio
import io
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from libs.common.contracts.facts import USER_UPDATED, UserChanged
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.racing import waits_or_ends
from tests.unit.auth.pictures import CAMERA_NAME, from_a_phone, picture, png_of

MINE = "/v1/me/avatar"


async def put(
    person: SignedInPerson, raw: bytes, kind: str = "image/png", **headers: str
) -> httpx.Response:
    return await person.client.put(MINE, content=raw, headers={"content-type": kind} | headers)


async def avatar_of(person: SignedInPerson, *, by: SignedInPerson) -> str | None:
    path: str | None = (await by.get(f"/v1/users/{person.id}")).json()["avatar"]
    return path


def seen(answer: httpx.Response) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


async def test_a_new_picture_is_shown_to_others_and_told(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    assert (await alice.get("/v1/me")).json()["avatar"] is None

    answer = await put(alice, from_a_phone(), "image/jpeg")

    path = answer.json()["avatar"]
    assert answer.status_code == 200
    assert path == f"/v1/users/{alice.id}/avatar?v=2"
    assert path == await avatar_of(alice, by=bob)
    shown = await bob.client.get(f"{path}&size=64")
    assert (shown.headers["content-type"], seen(shown).size) == ("image/webp", (64, 64))
    assert seen(await bob.client.get(path)).size == (256, 256)
    assert CAMERA_NAME.encode() not in shown.content
    (fact,) = await town.heard(USER_UPDATED)
    assert isinstance(fact, UserChanged)
    assert (fact.avatar, fact.version) == (path, 2)


async def test_a_picture_is_served_so_that_it_can_be_nothing_else(alice: SignedInPerson) -> None:
    path = (await put(alice, picture("PNG"))).json()["avatar"]

    headers = (await alice.client.get(path)).headers

    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-disposition"] == 'attachment; filename="avatar.webp"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["vary"] == "authorization"


async def test_who_has_the_picture_is_not_sent_it_again(alice: SignedInPerson) -> None:
    path = (await put(alice, picture("PNG"))).json()["avatar"]
    tag = (await alice.client.get(path)).headers["etag"]

    again = await alice.client.get(path, headers={"if-none-match": tag})
    other_size = await alice.client.get(f"{path}&size=64", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert other_size.status_code == 200


async def test_without_a_version_the_newest_is_given_and_asked_for_every_time(
    alice: SignedInPerson,
) -> None:
    await put(alice, picture("PNG"))

    answer = await alice.get(f"/v1/users/{alice.id}/avatar")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")


async def test_a_picture_that_was_replaced_or_deleted_is_gone(
    town: Town, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    first = (await put(alice, picture("PNG"))).json()["avatar"]
    second = (await put(alice, picture("GIF"), "image/gif")).json()["avatar"]

    assert first != second
    assert (await bob.client.get(first)).status_code == 404
    assert (await alice.client.delete(MINE)).status_code == 204
    assert (await bob.client.get(second)).status_code == 404
    assert await avatar_of(alice, by=bob) is None
    assert (await alice.client.delete(MINE)).status_code == 204
    facts = await town.heard(USER_UPDATED, 3)
    assert [fact.version for fact in facts if isinstance(fact, UserChanged)] == [2, 3, 4]
    third = (await put(alice, picture("PNG"))).json()["avatar"]
    assert third not in {first, second}


async def test_strangers_see_no_picture(auth: Instance, alice: SignedInPerson) -> None:
    path = (await put(alice, picture("PNG"))).json()["avatar"]
    stranger = await auth.client()

    for method, where in (("GET", path), ("PUT", MINE), ("DELETE", MINE)):
        answer = await stranger.request(method, where)

        assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")


async def test_a_picture_that_is_not_there_is_not_found(alice: SignedInPerson) -> None:
    await put(alice, picture("PNG"))

    for user_id, asked in (
        (uuid4(), ""),
        ("me", ""),
        (alice.id, "?v=1"),
        (alice.id, "?v=3"),
    ):
        answer = await alice.client.get(f"/v1/users/{user_id}/avatar{asked}")
        assert answer.status_code == 404


@pytest.mark.parametrize("asked", ["v=0", "v=x", "v=2147483648", "size=1000", "size=0", "w=1"])
async def test_a_question_out_of_bounds_is_refused(alice: SignedInPerson, asked: str) -> None:
    answer = await alice.client.get(f"/v1/users/{alice.id}/avatar?{asked}")

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"<svg onload='alert(1)'/>", "image/svg+xml", 415, "unsupported_media_type"),
        (picture("PNG"), "text/html", 415, "unsupported_media_type"),
        (picture("PNG"), "image/jpeg", 415, "unsupported_media_type"),
        (b"<svg onload='alert(1)'/>", "image/png", 422, "not_a_picture"),
        (b"", "image/png", 422, "not_a_picture"),
        (picture("PNG")[:100], "image/png", 422, "not_a_picture"),
        (png_of(50_000, 50_000), "image/png", 422, "too_many_pixels"),
    ],
    ids=["svg", "page", "other type", "svg as png", "nothing", "cut off", "bomb"],
)
async def test_what_is_no_picture_is_refused(
    alice: SignedInPerson, raw: bytes, kind: str, status: int, code: str
) -> None:
    answer = await put(alice, raw, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await avatar_of(alice, by=alice) is None


async def test_what_is_too_large_is_refused_while_it_comes(town: Town) -> None:
    sent = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 10_000
            yield bytes(10_000)

    async with town.instance(avatar_max_bytes=100_000) as auth:
        alice = await auth.register("Alice")
        answer = await alice.client.put(
            MINE, content=without_end(), headers={"content-type": "image/png"}
        )

    assert answer.status_code == 413
    # A little more is read, so that who still sends hears the answer.
    assert sent < 2_000_000


async def test_nobody_sends_pictures_without_end(town: Town) -> None:
    async with town.instance(avatars_burst=2) as auth:
        alice = await auth.register("Alice")
        answers = [await put(alice, b"", "image/png") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]


async def test_who_waits_too_long_for_their_picture_hears_so(town: Town) -> None:
    async with town.instance(avatar_timeout_s=0.001) as auth:
        alice = await auth.register("Alice")

        answer = await put(alice, picture("PNG"))

    assert (answer.status_code, answer.json()["retryable"]) == (503, True)


async def test_a_line_of_pictures_has_an_end(town: Town) -> None:
    async with town.instance(avatars_burst=100) as auth:
        alice = await auth.register("Alice")

        answers = await asyncio.gather(*(put(alice, picture("PNG")) for _ in range(12)))

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 1


async def test_a_picture_that_comes_while_none_is_taken_off_stays(
    auth: Instance, alice: SignedInPerson
) -> None:
    async with auth.database.transaction() as putting:
        await putting.execute("LOCK TABLE avatar")
        await putting.execute("UPDATE account SET version = 2, avatar_version = 2")
        await putting.execute("INSERT INTO avatar SELECT id, 2, 'small', 'large' FROM account")
        ours = asyncio.create_task(alice.client.delete(MINE))
        await waits_or_ends(ours, auth.database)

    assert (await ours).status_code == 204
    assert await auth.database.fetchval("SELECT count(*) FROM avatar") == 1
