"""The bodies of HTTP requests, as polls send them: any bytes are one, or refused in few words."""

import json
from typing import Final

from pydantic import ValidationError

from libs.common.errors import ChatError
from libs.common.http.body import inspect
from libs.common.http.problems import fields_of
from services.gateway.api.bodies import MAX_TIMEOUT_MS, SyncAsked
from services.gateway.frames.said import MAX_CURSORS

LONGEST_ANSWER: Final = 4_096


def run(data: bytes) -> None:
    try:
        inspect(data)
        asked = SyncAsked.model_validate_json(data, strict=True)
    except ChatError as refusal:
        _check(refusal.body())
    except ValidationError as wrong:
        _check(fields_of(wrong.errors(include_url=False, include_input=False)))
    else:
        wanted = asked.wanted(max_s=MAX_TIMEOUT_MS / 1000)
        assert len(wanted.rooms) <= MAX_CURSORS
        assert 0 <= wanted.timeout_s <= MAX_TIMEOUT_MS / 1000
        inspect(asked.model_dump_json().encode())


def _check(told: object) -> None:
    assert len(json.dumps(told)) <= LONGEST_ANSWER, told
