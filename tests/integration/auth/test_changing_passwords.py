"""A new password for who knows the old one."""

from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson, Town
from tests.integration.auth.mailing import PASSWORD_CHANGED, Mailing
from tests.integration.auth.proving import App

NEW = "a quite different password"
CHANGE = "/v1/auth/password/change"


async def test_the_other_devices_are_logged_out(auth: Instance, alice: SignedInPerson) -> None:
    other = await auth.log_in(alice.email)

    answer = await alice.post(CHANGE, json={"old": PASSWORD, "new": NEW})

    assert answer.status_code == 204
    assert (await alice.get("/v1/me")).status_code == 200
    assert (await auth.refresh(alice.refresh_token)).status_code == 200
    ended = await auth.refresh(other.json()["refresh_token"])
    assert ended.json()["code"] == "session_revoked"
    assert (await auth.log_in(alice.email, PASSWORD)).status_code == 401
    assert (await auth.log_in(alice.email, NEW)).status_code == 200


async def test_a_stolen_access_token_is_not_enough(auth: Instance, alice: SignedInPerson) -> None:
    answer = await alice.post(CHANGE, json={"old": "a guess of Mallory", "new": NEW})

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["old"])
    assert (await auth.log_in(alice.email, PASSWORD)).status_code == 200


async def test_guesses_are_counted_like_those_of_log_ins(alice: SignedInPerson) -> None:
    guesses = [await alice.post(CHANGE, json={"old": f"guess {n}", "new": NEW}) for n in range(7)]

    assert [guess.status_code for guess in guesses[:5]] == [422] * 5
    assert guesses[-1].status_code == 429


async def test_a_new_password_is_held_to_the_same_rules(alice: SignedInPerson) -> None:
    weak = await alice.post(CHANGE, json={"old": PASSWORD, "new": "password"})
    long = await alice.post(CHANGE, json={"old": PASSWORD, "new": "x" * 129})

    assert (weak.status_code, list(weak.json()["fields"])) == (422, ["new"])
    assert long.status_code == 422


async def test_with_a_second_factor_the_old_password_is_not_enough(
    town: Town, mail: Mailing
) -> None:
    alice = await mail.enter("Alice")
    await App.of(alice, town)
    await town.clock.advance(601)

    answer = await alice.post(CHANGE, json={"old": PASSWORD, "new": NEW})

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_its_owner_is_told(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    await alice.post(CHANGE, json={"old": PASSWORD, "new": NEW})

    assert await mail.server.letter(alice.email, PASSWORD_CHANGED)


async def test_it_is_noted_who_did_it(auth: Instance, alice: SignedInPerson) -> None:
    await alice.post(CHANGE, json={"old": PASSWORD, "new": NEW})

    act = await auth.database.fetchrow(
        "SELECT kind, outcome, actor_id, subject_id FROM audit ORDER BY id DESC LIMIT 1"
    )
    assert act is not None
    assert (act["kind"], act["outcome"], str(act["actor_id"]), str(act["subject_id"])) == (
        "password.changed",
        "done",
        alice.id,
        alice.id,
    )
