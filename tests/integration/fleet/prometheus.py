"""A real Prometheus with the rules of deploy/, before the processes of a fleet."""

import asyncio
import json
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.child import ROOT
from tests.support.ports import free_port

START_S: Final = 30.0
POLL_S: Final = 0.1


class Prometheus:
    """What one Prometheus has seen."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def ask(self, path: str, **parameters: str) -> Any:
        """Return the data of an answer."""
        async with httpx.AsyncClient(base_url=self._url, trust_env=False) as http:
            answer = await http.get(f"/api/v1/{path}", params=parameters)
        return answer.raise_for_status().json()["data"]

    async def until(self, path: str, holds: Callable[[Any], bool]) -> Any:
        """Return the data of an answer once it is as it should be."""
        async with asyncio.timeout(START_S):
            while True:
                try:
                    found = await self.ask(path)
                except httpx.HTTPError:
                    found = None
                if found is not None and holds(found):
                    return found
                await asyncio.sleep(POLL_S)


@asynccontextmanager
async def scraping(
    members: Mapping[str, Mapping[str, Any]], folder: Path
) -> AsyncIterator[Prometheus]:
    """Yield a Prometheus that scrapes these processes."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("there is no prometheus: apt-get install --no-install-recommends prometheus")
    config = folder / "prometheus.yml"
    config.write_text(_config(members))
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        program,
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'numbers'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    )
    try:
        yield Prometheus(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()


def _config(members: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a configuration; JSON is YAML too."""
    targets: dict[str, list[str]] = defaultdict(list)
    for member in members.values():
        targets[member["service"]].append(urlsplit(member["inside"]).netloc)
    return json.dumps(
        {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(ROOT / "deploy/prometheus/alerts.yml")],
            "scrape_configs": [
                {"job_name": service, "static_configs": [{"targets": addresses}]}
                for service, addresses in targets.items()
            ],
        }
    )
