"""How a process reaches RabbitMQ: `BUS_` and the field, in capitals."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from libs.common.bus.topology import Spread


def _amqp(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
        raise ValueError("it has the form amqp://user:password@host:5672/vhost")
    return url


class BrokerSettings(Spread):
    url: Annotated[SecretStr, AfterValidator(_amqp)]
    """Where RabbitMQ is and as whom: `amqp://user:password@host:5672/vhost`; `amqps` for TLS, with
    `?cafile=PATH` for an authority of your own."""

    wait_s: float = Field(default=60.0, ge=0)
    """How long to wait at the start for a broker that is not there yet."""

    connect_timeout_s: float = Field(default=5.0, gt=0)
    """How long one try to connect may take."""

    reconnect_s: float = Field(default=0.5, gt=0)
    """How long to wait before the next try to connect; shortened by up to a half, by chance, so
    that processes that lost the same broker do not come back all at once."""

    heartbeat_s: int = Field(default=3, ge=1, le=60)
    """How often the broker and we show each other that we live; the broker ends a connection on
    which it heard nothing for two to three of these. As it comes that is less than
    `GATEWAY_COMMAND_TIMEOUT_S`: whose command went to an instance that stands still gets its answer
    from the next one, and no `timeout`."""

    publish_timeout_s: float = Field(default=2.0, gt=0)
    """How long the broker may take to confirm a message, however long its sender would wait."""

    operation_timeout_s: float = Field(default=10.0, gt=0)
    """How long the broker may take to open a channel, or to declare a queue and consume it."""

    queue_type: Literal["classic", "quorum"] = "classic"
    """classic for one broker, quorum for a cluster. Queues that are there keep their type: delete
    them, empty, before changing it."""
