"""Each person may ask for a change as often as its pace lets them, and read at will."""

from libs.common.errors import TooMany
from libs.common.http.endpoint import Endpoint, paced
from libs.common.http.people import ANYONE, USERS_AND_BOTS
from tests.unit.common.web import AS_ALICE, AS_ROBOT, Site, browser, call


class Twice:
    """A pace that lets everybody do it twice."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    async def take(self, key: str) -> None:
        if self.taken.get(key, 0) == 2:
            raise TooMany(retry_after_ms=5_000)
        self.taken[key] = self.taken.get(key, 0) + 1


async def change() -> None:
    """Change it."""


def changing(pace: Twice) -> Endpoint:
    return Endpoint("POST", "/v1/x", change, admits=USERS_AND_BOTS, pace=pace)


async def test_who_asks_too_often_waits_and_others_do_not() -> None:
    async with browser(Site(changing(Twice())).public()) as client:
        asked = [AS_ALICE, AS_ALICE, AS_ALICE, AS_ROBOT]
        answers = [await client.post("/v1/x", headers=who) for who in asked]

    assert [answer.status_code for answer in answers] == [204, 204, 429, 204]


async def test_the_answer_says_for_how_long() -> None:
    async with browser(Site(changing(Twice())).public(), headers=AS_ALICE) as client:
        answer, *_ = [await client.post("/v1/x") for _ in range(3)][::-1]

    assert (answer.json()["code"], answer.json()["retry_after_ms"]) == ("rate_limited", 5_000)
    assert answer.headers["retry-after"] == "5"


async def test_a_stranger_takes_nothing() -> None:
    pace = Twice()
    async with browser(Site(changing(pace)).public()) as client:
        answer = await client.post("/v1/x")

    assert (answer.status_code, pace.taken) == (401, {})


async def test_where_anybody_may_come_nobody_is_counted() -> None:
    pace = Twice()
    endpoint = Endpoint("POST", "/v1/x", change, admits=ANYONE, pace=pace)

    assert (await call(endpoint, "POST", "/v1/x")).status_code == 204
    assert pace.taken == {}


def test_what_only_reads_has_no_pace_and_what_has_one_keeps_it() -> None:
    pace, own = Twice(), Twice()
    endpoints = [
        Endpoint("GET", "/v1/x", change),
        Endpoint("PUT", "/v1/x", change),
        Endpoint("DELETE", "/v1/x", change, pace=own),
    ]

    assert [endpoint.pace for endpoint in paced(endpoints, pace)] == [None, pace, own]
