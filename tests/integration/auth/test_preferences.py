"""How somebody likes the chat holds on all their devices, and is nobody else's business."""

from typing import Any

import pytest

from tests.integration.auth.living import Instance, SignedInPerson

PATH = "/v1/me/preferences"
DEFAULTS = {
    "locale": None,
    "theme": "system",
    "notifications": {"messages": "all", "sound": True, "email": True},
}
DARK = {
    "locale": "pt-BR",
    "theme": "dark",
    "notifications": {"messages": "mentions", "sound": False, "email": False},
}


async def test_who_never_said_has_the_defaults(alice: SignedInPerson) -> None:
    assert (await alice.get(PATH)).json() == DEFAULTS


async def test_what_was_said_holds_on_every_device(auth: Instance, alice: SignedInPerson) -> None:
    answer = await alice.client.put(PATH, json=DARK)
    phone = await auth.bearing((await auth.log_in(alice.email)).json()["access_token"])

    assert (answer.status_code, answer.json()) == (200, DARK)
    assert (await phone.get(PATH)).json() == DARK


async def test_what_is_said_anew_replaces_all(alice: SignedInPerson, bob: SignedInPerson) -> None:
    await alice.client.put(PATH, json=DARK)
    await alice.client.put(PATH, json=DEFAULTS)

    assert (await alice.get(PATH)).json() == DEFAULTS
    assert (await bob.get(PATH)).json() == DEFAULTS


@pytest.mark.parametrize("locale", ["de", "fil", "zh-Hant", "zh-Hant-TW", "es-419", None])
async def test_a_language_is_taken(alice: SignedInPerson, locale: str | None) -> None:
    assert (await alice.client.put(PATH, json=DARK | {"locale": locale})).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"locale": ""},
        {"locale": "german"},
        {"locale": "de_DE"},
        {"locale": "de\n"},
        {"locale": "../../etc/passwd"},
        {"locale": 7},
        {"theme": "pink"},
        {"theme": None},
        {"notifications": None},
        {"notifications": {"messages": "some", "sound": True, "email": True}},
        {"notifications": {"messages": "all", "sound": "yes", "email": True}},
        {"notifications": {"messages": "all", "sound": True}},
        {"account_id": "00000000-0000-7000-8000-000000000001"},
    ],
    ids=str,
)
async def test_what_no_client_would_understand_is_refused(
    alice: SignedInPerson, change: dict[str, Any]
) -> None:
    answer = await alice.client.put(PATH, json=DARK | change)

    assert answer.status_code == 422
    assert (await alice.get(PATH)).json() == DEFAULTS
