"""The proxy of deploy/edge as a process, before services that say who they are."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn import Config

from libs.common.listeners import PortServer
from services.builders.catalog import SERVICES
from tests.support.child import ROOT
from tests.support.ports import free_port

HOST: Final = "127.0.0.1"
START_S: Final = 20.0
POLL_S: Final = 0.05


def service(name: str) -> Starlette:
    """Return a service that answers with its name and what reached it."""

    async def answer(request: Request) -> Response:
        body = await request.body()
        return JSONResponse(
            {
                "service": name,
                "path": request.url.path,
                "query": request.url.query,
                "body_bytes": len(body),
                "headers": dict(request.headers),
            }
        )

    async def echo(socket: WebSocket) -> None:
        await socket.accept(subprotocol="chat.v1")
        await socket.send_text(f"{name} heard {await socket.receive_text()}")
        await socket.close()

    return Starlette(
        routes=[
            WebSocketRoute("/{path:path}", echo),
            Route("/{path:path}", answer, methods=["GET", "POST"]),
        ]
    )


@asynccontextmanager
async def running_services() -> AsyncIterator[Mapping[str, int]]:
    """Yield the ports of one service of each name."""
    async with AsyncExitStack() as opened:
        yield {name: await opened.enter_async_context(_served(name)) for name in SERVICES}


@asynccontextmanager
async def _served(name: str) -> AsyncIterator[int]:
    port = free_port()
    server = PortServer(
        Config(service(name), host=HOST, port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    try:
        await server.accepting.wait()
        yield port
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def proxy(ports: Mapping[str, int], folder: Path) -> AsyncIterator[str]:
    """Yield the address of the proxy of deploy/edge before services at these ports."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("there is no caddy: apt-get install caddy")
    public, alive = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        *(program, "run", "--adapter", "caddyfile"),
        *("--config", str(ROOT / "deploy/edge/Caddyfile")),
        env=os.environ
        | {
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "HUBBUB_SITE": "http://",
            "HUBBUB_HTTP_PORT": str(public),
            "HUBBUB_ALIVE_PORT": str(alive),
        }
        | {f"{name.upper()}_NAME": HOST for name in ports}
        | {f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _alive(f"http://{HOST}:{alive}/alive")
        yield f"http://{HOST}:{public}"
    finally:
        process.terminate()
        await process.wait()


async def _alive(url: str) -> None:
    async with asyncio.timeout(START_S), httpx.AsyncClient(trust_env=False) as http:
        while True:
            try:
                if (await http.get(url)).is_success:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(POLL_S)
