"""HTTP for a client that polls: requests with its token, which is renewed when it is refused."""

import asyncio
from typing import Any, Final

import httpx

from hubbub_client.link.listening import GiveToken
from hubbub_client.twins import Answer, Request

SOCKET_PATH: Final = "/v1/ws"
REVOKED: Final = "session_revoked"


class NoAnswer(Exception):
    """The server could not be asked, or its answer was lost: it may have obeyed or not."""


class Door:
    """Asks the installation whose socket is at `socket_url`; close it."""

    def __init__(
        self,
        socket_url: str,
        give_token: GiveToken,
        *,
        headers: dict[str, str],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = f"http{socket_url.removeprefix('ws').removesuffix(SOCKET_PATH)}"
        self._give_token = give_token
        self._http = httpx.AsyncClient(headers=headers, trust_env=False, transport=transport)
        self._token: str | None = None
        self._renewing = asyncio.Lock()

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, request: Request, *, timeout_s: float) -> Answer:
        """Return the answer, whatever it is; a token that is refused is renewed, once.

        Raises: NoAnswer.
        """
        token = await self._token_but(None)
        answer = await self._once(request, token, timeout_s)
        if answer.status == httpx.codes.UNAUTHORIZED and (answer.body or {}).get("code") != REVOKED:
            token = await self._token_but(token)
            answer = await self._once(request, token, timeout_s)
        return answer

    async def _once(self, request: Request, token: str, timeout_s: float) -> Answer:
        try:
            async with asyncio.timeout(timeout_s):
                response = await self._http.request(
                    request.method,
                    self._url + request.path,
                    json=request.body,
                    params=request.query,
                    headers=request.headers | {"authorization": f"Bearer {token}"},
                    timeout=None,  # the one around it is for the whole
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoAnswer(repr(error)) from error
        return Answer(
            response.status_code, _body(response), response.headers.get("retry-after", "")
        )

    async def _token_but(self, refused: str | None) -> str:
        """Return the token that there is, or a new one if that was refused."""
        async with self._renewing:
            if self._token is None or self._token == refused:
                self._token = await self._give_token()
            return self._token


def _body(response: httpx.Response) -> dict[str, Any] | None:
    if not response.content:
        return {}
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
