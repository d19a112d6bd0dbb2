"""The settings of the Hubbub that is held against the protocol: what is waited for comes soon, and
a busy machine puts it under no pressure.
"""

from typing import Final

SETTINGS: Final = {
    "AUTH_REGISTRATIONS_BURST": "1000",
    "GATEWAY_AUTH_TIMEOUT_S": "2",
    "GATEWAY_COMMANDS_BURST": "400",
    "GATEWAY_COMMANDS_PER_S": "200",
    "GATEWAY_DEFLATE": "true",
    "GATEWAY_DRAIN_WINDOW_S": "1",
    "GATEWAY_FAILED_AUTHS_PER_MINUTE": "1000",
    "GATEWAY_FAULTS_PER_MINUTE": "1000",
    "GATEWAY_HEARTBEAT_S": "3",
    "GATEWAY_LEASE_RENEW_S": "2",
    "GATEWAY_PONG_TIMEOUT_S": "2",
    "GATEWAY_POLLS_BURST": "1000",
    "GATEWAY_POLLS_PER_S": "1000",
    "GATEWAY_PRESSURE_RISE_S": "3600",
    "GATEWAY_REPLAY_EVENTS_PER_ROOM": "50",
    "GATEWAY_ROOM_SENDS_BURST": "60",
    "GATEWAY_ROOM_SENDS_PER_S": "20",
    "GATEWAY_SENDS_BURST": "50",
    "GATEWAY_SENDS_PER_S": "50",
    "GATEWAY_TYPING_EXPIRES_MS": "1000",
    "LOG_LEVEL": "warning",
    "MESSAGES_ROOM_SENDS_BURST": "60",
    "MESSAGES_ROOM_SENDS_PER_S": "20",
    "PRESENCE_LEASE_S": "8",
}

SLACK_S: Final = 10.0
"""How late something may be on a machine that does much else."""

FLOW_PER_S: Final = 25.0
"""How fast events flow: other tests want the processors too."""

JOINS: Final = 12
"""How often somebody comes in meanwhile."""
