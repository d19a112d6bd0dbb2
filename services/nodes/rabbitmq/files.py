"""Where a node keeps what: all in one folder of the data folder, for its own user only.

    rabbitmq/
      .erlang.cookie     who knows it may command the node, and the node's tools know it
      rabbitmq.conf      how the node is set up
      advanced.config    the rest of that
      definitions.json   vhosts, users and their rights
      enabled_plugins
      mnesia/            what the broker keeps

Every start writes all but the last anew.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.nodes.folder import PRIVATE, DataFolder

VARIABLE: Final = "HUBBUB_NODE"
"""Marks every process of a node in its environment."""

_WRITABLE: Final = 0o600
_READ_ONLY: Final = 0o400
"""Erlang refuses a cookie that others may read."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one node."""

    folder: Path

    @property
    def mark(self) -> str:
        """What the processes of this node carry in HUBBUB_NODE, and no others do."""
        return hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]

    @property
    def config(self) -> Path:
        return self.folder / "rabbitmq.conf"

    @property
    def advanced(self) -> Path:
        return self.folder / "advanced.config"

    @property
    def definitions(self) -> Path:
        return self.folder / "definitions.json"

    @property
    def plugins(self) -> Path:
        return self.folder / "enabled_plugins"

    @property
    def cookie(self) -> Path:
        return self.folder / ".erlang.cookie"

    def write(self, texts: Mapping[Path, str]) -> None:
        """Write these files, for their owner to read only.  Raises: OSError."""
        self.folder.mkdir(PRIVATE, exist_ok=True)
        for path, text in texts.items():
            path.unlink(missing_ok=True)
            path.touch(_WRITABLE, exist_ok=False)
            path.write_text(text)
            path.chmod(_READ_ONLY)


def files_in(folder: DataFolder) -> Files:
    return Files(folder.path / "rabbitmq")


def log_file(folder: DataFolder) -> Path:
    """Return where RabbitMQ's own words go."""
    return folder.logs / "rabbitmq.log"
