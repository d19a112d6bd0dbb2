"""By which name a mail server is greeted, and how long somebody waits to be woken."""

import asyncio

import pytest

from services.auth.api.mail.office import greeting, until_set
from tests.support.clock import SetClock, settle


@pytest.mark.parametrize(
    ("public_url", "greeted_as"),
    [
        ("https://chat.example.org:8443", "chat.example.org"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_a_mail_server_is_greeted_with_our_name(public_url: str, greeted_as: str) -> None:
    assert greeting(public_url) == greeted_as


async def test_who_waits_is_woken() -> None:
    event, clock = asyncio.Event(), SetClock()
    waiting = asyncio.create_task(until_set(event, clock, at_most_s=60.0))
    await settle()
    asleep = not waiting.done()

    event.set()
    await settle()

    assert asleep
    assert waiting.done()


async def test_who_is_not_woken_wakes() -> None:
    clock = SetClock()
    waiting = asyncio.create_task(until_set(asyncio.Event(), clock, at_most_s=1.0))

    await clock.advance(1.0)

    assert waiting.done()
