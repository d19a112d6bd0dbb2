"""The settings of the Hubbub in which most of these tests are."""

from typing import Final

SETTINGS: Final = {
    "AUTH_REGISTRATIONS_BURST": "1000",
    "GATEWAY_AUTH_TIMEOUT_S": "3",
    "GATEWAY_COMMANDS_BURST": "1000",
    "GATEWAY_FAILED_AUTHS_PER_MINUTE": "1000",
    "GATEWAY_FAULTS_PER_MINUTE": "1000",
    "GATEWAY_REPLAY_EVENTS_PER_ROOM": "50",
    "GATEWAY_ROOM_SENDS_BURST": "1000",
    "GATEWAY_ROOM_SENDS_PER_S": "1000",
    "GATEWAY_SENDS_BURST": "150",
    "GATEWAY_SENDS_PER_S": "100",
    "GATEWAY_TYPING_EXPIRES_MS": "1000",
    "LOG_LEVEL": "warning",
    "MESSAGES_ROOM_SENDS_BURST": "1000",
    "MESSAGES_ROOM_SENDS_PER_S": "1000",
    "MESSAGES_SAME_TEXT_TIMES": "0",
    "PRIVACY_ERASURE_SETTLE_S": "0.5",
    "PRIVACY_LOOKS_BURST": "100000",
}
"""Everybody comes from one address, a hundred messages need no patience, what is waited for comes
soon, what is too much is little, and most services have nothing to log.
"""
