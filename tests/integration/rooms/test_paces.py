"""Nobody changes rooms faster than people do, at however many instances they ask."""

from typing import Any

from tests.integration.rooms.house import House, house_at


async def test_changes_are_paced_for_each_person_over_all_instances(dsn: str) -> None:
    knobs: dict[str, Any] = {"writes_burst": 2, "writes_per_minute": 60}
    async with house_at(dsn, **knobs) as one, house_at(dsn, **knobs) as other:
        alice, bob = await one.resident("Alice"), await one.resident("Bob")
        elsewhere = await other.resident("Alice")
        tea = await alice.makes("Tea")
        await elsewhere.makes("Coffee")

        refused = await alice.client.post("/v1/rooms", json={"kind": "public", "title": "Cake"})
        assert (refused.status_code, refused.json()["retry_after_ms"]) == (429, 1_000)
        assert (await bob.joins(tea)).status_code == 200
        await alice.sees("/v1/rooms")
        for house in (one, other):
            await house.clock.advance(1.0)
        await alice.makes("Cake")


async def test_full_buckets_are_swept_by_a_worker(dsn: str) -> None:
    async with house_at(dsn) as house:
        alice = await house.resident("Alice")
        await alice.makes("Tea")
        before = await rows(house)

        while await rows(house):
            await house.clock.advance(600.0)

        assert before == 1


async def rows(house: House) -> object:
    return await house.database.fetchval("SELECT count(*) FROM rate")
