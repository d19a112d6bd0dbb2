"""Since the last release the protocol only grew; see docs/decisions/0017-only-additions.md."""

import json
from collections.abc import Callable, Iterable
from typing import Final

import pytest

from libs.common.json_schema import Schema
from services.schemas.growing import broken_bodies, broken_for_listeners, broken_for_speakers
from services.schemas.writing import BODIES, CODES, HEARD, SAID
from tests.support.schemas import FOLDER, RELEASED

CHECKS: Final[dict[str, Callable[[Schema, Schema], Iterable[str]]]] = {
    SAID: broken_for_speakers,
    HEARD: broken_for_listeners,
    BODIES: broken_bodies,
    CODES: broken_for_listeners,
}


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_is_broken_for_clients_of_the_last_release(name: str) -> None:
    released, now = (json.loads((folder / name).read_text()) for folder in (RELEASED, FOLDER))

    assert list(CHECKS[name](released, now)) == [], "chat.v1 only grows: docs/protocol.md, 16"


def test_a_release_keeps_every_document_from_which_something_could_go() -> None:
    assert {path.name for path in RELEASED.iterdir()} == CHECKS.keys()
