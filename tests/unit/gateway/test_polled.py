"""The answer to a poll is put together out of JSON that is there."""

import json

from libs.common.contracts.ids import Epoch, Seq
from services.gateway.frames.polled import (
    CursorShown,
    NotAttachedShown,
    SyncAnswer,
    answer_of,
)
from tests.unit.gateway.fakes import ATTIC, LOBBY

FRAMES = [b'{"type":"message","data":"\\u00fc  {"}', '{"type":"typing","n":"ü"}'.encode()]


def test_an_answer_is_what_its_model_says() -> None:
    cursors = {
        LOBBY: CursorShown(seq=Seq(7), epoch=Epoch("e")),
        ATTIC: NotAttachedShown(reason="not_found"),
    }

    raw = answer_of(None, FRAMES, cursors=cursors, more=True)

    answer = SyncAnswer.model_validate(json.loads(raw))
    assert answer.more
    assert answer.cursors == cursors
    assert b'"events":[' + b",".join(FRAMES) + b"]" in raw
    assert answer.hello is None


def test_an_answer_may_be_empty() -> None:
    assert answer_of(None, [], cursors={}, more=False) == b'{"events":[],"cursors":{},"more":false}'
