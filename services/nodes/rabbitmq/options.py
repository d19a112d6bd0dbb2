"""How our own RabbitMQ is set up: for one machine, on loopback, without guests.

Written anew at every start, so that a new Hubbub brings new settings to an old node.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.nodes.rabbitmq.files import VARIABLE, Files
from services.nodes.rabbitmq.ports import LOOPBACK

NODE: Final = "hubbub@localhost"
"""Unique among the nodes that one port mapper knows, and ours knows this one."""

LADDER: Final = ((signal.SIGTERM, 2.0), (signal.SIGTERM, 13.0), (signal.SIGKILL, 5.0))
"""What ends a RabbitMQ, and the seconds each step may take: 1 s when idle.

Erlang loses a signal that comes in its first moments, so it is asked a second time. A kill loses
nothing that was confirmed: that is on the disk.
"""

_SETTINGS: Final[Mapping[str, str]] = {
    # The guard keeps the log and its size.
    "log.console": "true",
    "log.console.level": "info",
    "log.console.use_colors": "off",
    "log.file": "false",
    # Above these it takes nothing more. It needs 140 MB, and the rest is for full queues.
    "vm_memory_high_watermark.absolute": "512MiB",
    "disk_free_limit.absolute": "200MB",
}

DISK_FREE_LIMIT: Final = _SETTINGS["disk_free_limit.absolute"]


class Plugin(StrEnum):
    """What may run beside the broker, with a port of its own."""

    MANAGEMENT = "management"
    PROMETHEUS = "prometheus"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a node listens on loopback. `mapper` tells its tools where `distribution` is."""

    amqp: int
    mapper: int
    distribution: int
    plugins: Mapping[Plugin, int]


def config(ports: Ports) -> str:
    """Return the text of the configuration file."""
    settings = {
        **_SETTINGS,
        "listeners.tcp.1": f"{LOOPBACK}:{ports.amqp}",
    }
    for plugin, port in ports.plugins.items():
        settings |= {f"{plugin}.tcp.ip": LOOPBACK, f"{plugin}.tcp.port": str(port)}
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def advanced(files: Files) -> str:
    """Return the text of the other configuration file, for what needs Erlang's own notation.

    A path stands there byte by byte: a name of any folder will do, in any language.
    """
    path = list(os.fsencode(files.definitions))
    return f"[{{rabbit, [{{load_definitions, {path}}}]}}].\n"


def enabled_plugins(ports: Ports) -> str:
    """Return the text of the file that names the plugins."""
    return f"[{','.join(f'rabbitmq_{plugin}' for plugin in ports.plugins)}].\n"


def environment(files: Files, ports: Ports) -> dict[str, str]:
    """Return what a node and its tools must find in their environment.

    Every path is named: what is not would be looked for where the system's own node has it.
    """
    folder = files.folder
    only_loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
    return {
        VARIABLE: files.mark,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": NODE,
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(files.config),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(files.advanced),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(files.plugins),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(ports.distribution),
        # Its tools take any port the system has.
        "RABBITMQ_CTL_DIST_PORT_MIN": "0",
        "RABBITMQ_CTL_DIST_PORT_MAX": "0",
        "RABBITMQ_CTL_ERL_ARGS": only_loopback,
        # One scheduler, which sleeps when idle: two would start no faster, and cost more.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{only_loopback} +S 1:1 +sbwt none",
        # The script then becomes the node, which hears the signals itself and stops in one second
        # instead of six. There is no systemd to tell: that needs NOTIFY_SOCKET.
        "RUNNING_UNDER_SYSTEMD": "true",
        "ERL_EPMD_PORT": str(ports.mapper),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        # A dump has the memory in it, with people's messages.
        "ERL_CRASH_DUMP_SECONDS": "0",
    }
