"""A certified OpenID provider in a process of its own, and browsers that log in there."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, Self

import httpx

from tests.support.child import ROOT

SCRIPT: Final = ROOT / "tests/support/oidc/provider.js"

CLIENT_ID: Final = "hubbub"
CLIENT_SECRET: Final = "a-secret-that-only-tests-know"

MAX_STEPS: Final = 12
"""Redirects and interactions between the provider's door and its answer."""


@dataclass(frozen=True, slots=True)
class RunningProvider:
    """A provider that listens."""

    issuer: str


@contextmanager
def running(*redirect_uris: str, count: int) -> Iterator[list[RunningProvider]]:
    """Run so many providers that send people back to these addresses; they start together."""
    node = shutil.which("node") or str(ROOT / ".node/bin/node")
    with ExitStack() as processes:
        started = [
            processes.enter_context(
                subprocess.Popen(
                    [node, str(SCRIPT), "0", *redirect_uris],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
            )
            for _ in range(count)
        ]
        providers = []
        for process in started:
            assert process.stdout is not None
            said = process.stdout.readline().split()
            assert said[:1] == ["listening"], f"install it: make integration ({SCRIPT})"
            providers.append(RunningProvider(f"http://127.0.0.1:{said[1]}"))
        yield providers
        for process in started:
            assert process.stdin is not None
            process.stdin.close()


class Browser:
    """Somebody's browser: its cookies here and there, and where it was sent."""

    def __init__(self, here: httpx.AsyncClient, there: httpx.AsyncClient) -> None:
        """`here` calls the chat, `there` the providers."""
        self.here = here
        self._there = there

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._there.aclose()

    async def sent_to(self, provider: str) -> str:
        """Begin to log in and return the address at the provider."""
        answer = await self.here.get(f"/v1/auth/oidc/{provider}/login")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sent_invited_to(self, provider: str, invite: str) -> str:
        """The same with an invitation at hand, as the page of it does."""
        path = f"/v1/auth/oidc/{provider}/login"
        answer = await self.here.post(path, json={"invite": invite})
        assert answer.status_code == 200, answer.text
        location: str = answer.json()["location"]
        return location

    async def answer_of(self, location: str, *, who: str) -> str:
        """Log in at the provider as `who` and return the address to which it sends people back."""
        url = httpx.URL(location).copy_add_param("login_hint", who)
        for _ in range(MAX_STEPS):
            answer = await self._there.get(url)
            url = url.join(answer.headers["location"])
            if url.path.startswith("/v1/"):
                return str(url)
        raise AssertionError("the provider went round in circles")

    async def come_back(self, answer: str) -> str:
        """Bring the provider's answer and return where that leads."""
        came = await self.here.get(answer)
        assert came.status_code == 303, came.text
        return came.headers["location"]

    async def log_in(self, provider: str, *, who: str) -> str:
        """Log in from beginning to end, and return where that leads."""
        location = await self.sent_to(provider)
        return await self.come_back(await self.answer_of(location, who=who))
