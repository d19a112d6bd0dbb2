"""Whatever is asked of auth, it answers as its own document says, and never by failing.

Requests are made by chance from the document, some as it wants them and some not, and sent as the
owner of the server, to whom most is open. `make proofs` sends many more.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Self

import httpx
import pytest
import pytest_asyncio
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.program import Program
from tests.system.people import PASSWORD
from tests.system.settings import SETTINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

OWNER: Final = "alice@example.org"
TIMEOUT_S: Final = 30.0

FEW: Final = 2

MOST_S: Final = 90.0
"""On a busy machine what is left after this is asked for with few examples too."""


class Asker:
    """The owner of a server, who logs in again when what was asked has ended the session."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, case: Case[Any]) -> Any:
        """Send a request as the owner and return the answer."""
        self._session.cookies.clear()
        return case.call(
            base_url=self._url,
            session=self._session,
            headers={"Authorization": f"Bearer {self._bearer()}"},
            timeout=TIMEOUT_S,
        )

    def _bearer(self) -> str:
        mine = f"{self._url}/v1/me"
        headers = {"Authorization": f"Bearer {self._token}"}
        if not self._session.get(mine, headers=headers, timeout=TIMEOUT_S).ok:
            answer = self._session.post(
                f"{self._url}/v1/auth/login",
                json={"email": OWNER, "password": PASSWORD},
                timeout=TIMEOUT_S,
            )
            answer.raise_for_status()
            self._token = answer.json()["access_token"]
        return self._token


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(module_folder: Path) -> AsyncIterator[Program]:
    """Hubbub with an owner."""
    async with Program(module_folder, settings=SETTINGS) as running:
        owner = {"email": OWNER, "password": PASSWORD, "name": "Alice"}
        async with httpx.AsyncClient(base_url=running.url, trust_env=False) as stranger:
            answer = await stranger.post(
                "/v1/auth/register", json=owner | {"owner_token": running.owner_token}
            )
        assert answer.status_code == httpx.codes.CREATED
        yield running


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(25, marks=pytest.mark.proof)], ids=["few", "many"]
)
async def test_it_answers_as_its_document_says(program: Program, examples: int) -> None:
    async with httpx.AsyncClient(base_url=program.url, trust_env=False) as stranger:
        document = (await stranger.get("/openapi/auth.json")).json()

    with Asker(program.url) as asker:
        failures = await asyncio.to_thread(found, document, asker, examples)

    assert not failures, "\n\n".join(failures)


def found(document: dict[str, Any], asker: Asker, examples: int) -> list[str]:
    """Return what was answered otherwise than documented, a text for each operation."""
    failures, began = [], time.monotonic()
    for each in openapi.from_dict(document).get_all_operations():
        assert isinstance(each, Ok), each
        operation = each.ok()
        for mode in GenerationMode:
            has_time = time.monotonic() - began < MOST_S
            try:
                ask_for(operation, mode, asker, examples if has_time else FEW)
            except Unsatisfiable:
                # Nothing can be wrong with a request that takes nothing.
                continue
            except (Failure, FailureGroup) as failure:
                failures.append(f"{operation.label}, {mode.value}: {failure}")
    return failures


def ask_for(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, asker: Asker, examples: int
) -> None:
    """Ask for one operation with so many examples."""

    @seed(7)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.validate_response(asker.ask(case), checks=CHECKS)

    ask()
