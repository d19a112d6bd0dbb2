"""A start that is given up half-way, as by Ctrl-C."""

import asyncio
import os

import pytest

from services.nodes.folder import DataFolder
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.cluster import ensure_cluster
from tests.support.processes import descendants
from tests.support.waiting import until


async def test_a_creation_that_is_given_up_has_ended_all_it_began(
    new_folder: DataFolder, binaries: Binaries
) -> None:
    before = descendants(os.getpid())
    is_begun = asyncio.Event()
    creating = asyncio.create_task(
        ensure_cluster(new_folder, binaries, say=lambda _: is_begun.set(), is_durable=False)
    )
    await is_begun.wait()
    # The guard and what it guards; the system tells no event of that.
    await until(lambda: len(descendants(os.getpid()) - before) >= 2)

    creating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creating

    assert descendants(os.getpid()) == before
