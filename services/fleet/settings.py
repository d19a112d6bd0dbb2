"""The knobs of all services as separate processes of one machine: `SPLIT_` and the field."""

from pathlib import Path

from pydantic import Field

from libs.common.settings import Settings

PREFIX = "SPLIT_"


class FleetSettings(Settings):
    port: int = Field(default=8000, ge=0, le=65530)
    """Port of the first gateway; the next gateways have the next ports. 0 takes any free ones."""

    data_dir: Path = Path("data-split")
    """Folder in which everything is kept."""

    gateways: int = Field(default=2, ge=1, le=8)
    """How many processes of the gateway."""

    messages: int = Field(default=2, ge=1, le=8)
    """How many processes of messages."""

    rabbitmq_home: Path | None = None
    """Folder of the RabbitMQ to start; not set, the one that Debian installs."""

    nodes_start_timeout_s: float = Field(default=60.0, gt=0)
    """How long our own Postgres and RabbitMQ may take to start."""

    ready_timeout_s: float = Field(default=60.0, gt=0)
    """How long the services may take to be ready together, the first time."""
