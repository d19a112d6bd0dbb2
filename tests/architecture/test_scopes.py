"""Which API tokens are good where: every endpoint that people reach is named here once.

A new one has to decide. What makes or changes a proof, gives out tokens, or takes data away as a
whole stays with sessions: whoever holds a token must not become more than that token.
"""

from collections.abc import Iterator
from typing import Final

from services.schemas.http import descriptions

SESSIONS_ONLY: Final = "sessions only"

TABLE: Final = {
    "rooms:read": """
        GET /v1/blocks
        GET /v1/guest-rooms
        GET /v1/invites/{code}
        GET /v1/rooms
        GET /v1/rooms/{room_id}
        GET /v1/rooms/{room_id}/bans
        GET /v1/rooms/{room_id}/changes
        GET /v1/rooms/{room_id}/guests
        GET /v1/rooms/{room_id}/invites
        GET /v1/rooms/{room_id}/members
        GET /v1/rooms/{room_id}/mutes
        GET /v1/rooms/{room_id}/permissions
    """,
    "rooms:write": """
        DELETE /v1/blocks/{user_id}
        PUT /v1/blocks/{user_id}
        POST /v1/direct
        DELETE /v1/invites/{code}
        POST /v1/invites/{code}/accept
        POST /v1/rooms
        DELETE /v1/rooms/{room_id}
        PATCH /v1/rooms/{room_id}
        POST /v1/rooms/{room_id}/archive
        DELETE /v1/rooms/{room_id}/bans/{user_id}
        PUT /v1/rooms/{room_id}/bans/{user_id}
        POST /v1/rooms/{room_id}/invites
        POST /v1/rooms/{room_id}/join
        POST /v1/rooms/{room_id}/leave
        DELETE /v1/rooms/{room_id}/members/{user_id}
        PUT /v1/rooms/{room_id}/members/{user_id}
        DELETE /v1/rooms/{room_id}/mutes/{user_id}
        PUT /v1/rooms/{room_id}/mutes/{user_id}
        POST /v1/rooms/{room_id}/restore
        POST /v1/rooms/{room_id}/transfer
        POST /v1/rooms/{room_id}/unarchive
    """,
    "messages:read": """
        GET /v1/me/rooms
        GET /v1/me/unread
        GET /v1/messages/{message_id}
        GET /v1/messages/{message_id}/edits
        GET /v1/reports
        GET /v1/rooms/{room_id}/reports
        GET /v1/rooms/{room_id}/transcript
        GET /v1/rooms/{room_id}/events
        GET /v1/rooms/{room_id}/messages
        PUT /v1/rooms/{room_id}/read
        POST /v1/stream
        POST /v1/sync
    """,
    "messages:write": """
        DELETE /v1/messages/{message_id}
        PATCH /v1/messages/{message_id}
        POST /v1/messages/{message_id}/report
        PATCH /v1/rooms/{room_id}/reports/{report_id}
        DELETE /v1/messages/{message_id}/reactions/{emoji}
        PUT /v1/messages/{message_id}/reactions/{emoji}
        POST /v1/rooms/{room_id}/messages
    """,
    "presence": """
        GET /v1/presence
        PUT /v1/presence
        GET /v1/presence/privacy
        PUT /v1/presence/privacy
        GET /v1/rooms/{room_id}/presence
    """,
    "users:read": """
        GET /v1/users
        GET /v1/users/{user_id}
        GET /v1/users/{user_id}/avatar
    """,
    "profile": """
        GET /v1/me
        PATCH /v1/me
        DELETE /v1/me/avatar
        PUT /v1/me/avatar
        GET /v1/me/preferences
        PUT /v1/me/preferences
    """,
    "admin": """
        GET /v1/admin/audit
        GET /v1/admin/audit/export
        GET /v1/admin/users
        POST /v1/admin/users/{user_id}/logout
    """,
    "sessions only": """
        GET /v1/admin/invites
        POST /v1/admin/invites
        DELETE /v1/admin/invites/{invite_id}
        GET /v1/admin/mail
        GET /v1/admin/policy
        PATCH /v1/admin/policy
        PATCH /v1/admin/users/{user_id}
        POST /v1/admin/users/{user_id}/erase
        POST /v1/auth/email/change
        POST /v1/auth/logout-all
        POST /v1/auth/passkeys
        POST /v1/auth/passkeys/options
        DELETE /v1/auth/passkeys/{passkey_id}
        POST /v1/auth/password/change
        POST /v1/auth/recovery-codes
        GET /v1/auth/second-factors
        GET /v1/auth/sessions
        DELETE /v1/auth/sessions/{session_id}
        POST /v1/auth/step-up
        POST /v1/auth/step-up/passkey
        DELETE /v1/auth/totp
        POST /v1/auth/totp
        POST /v1/auth/totp/confirm
        GET /v1/bots
        POST /v1/bots
        DELETE /v1/bots/{bot_id}
        PATCH /v1/bots/{bot_id}
        DELETE /v1/bots/{bot_id}/avatar
        PUT /v1/bots/{bot_id}/avatar
        POST /v1/bots/{bot_id}/tokens
        POST /v1/guest-rooms/{slug}/leave
        DELETE /v1/me
        DELETE /v1/me/erasure
        GET /v1/me/erasure
        POST /v1/me/export
        GET /v1/me/exports
        GET /v1/me/identities
        DELETE /v1/me/identities/{identity}
        POST /v1/me/identities/{identity}
        GET /v1/tokens
        POST /v1/tokens
        DELETE /v1/tokens/{token_id}
    """,
}

NEVER: Final = ("/v1/auth/", "/v1/tokens", "/v1/bots", "/v1/me/export", "/v1/me/identities")
"""Where no scope, present or future, may lead."""


def expected() -> dict[str, str]:
    return {
        line.strip(): scope for scope, lines in TABLE.items() for line in lines.strip().splitlines()
    }


async def declared() -> dict[str, str]:
    return {
        f"{method.upper()} {path}": (*operation["security"][0]["bearer"], SESSIONS_ONLY)[0]
        for described in await descriptions()
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if "security" in operation
    }


def led_astray(scopes: dict[str, str]) -> Iterator[str]:
    for endpoint, scope in scopes.items():
        if endpoint.partition(" ")[2].startswith(NEVER) and scope != SESSIONS_ONLY:
            yield endpoint


async def test_every_endpoint_has_decided_which_api_tokens_it_lets_in() -> None:
    assert await declared() == expected()


def test_no_scope_leads_to_proofs_tokens_or_whole_accounts() -> None:
    assert list(led_astray(expected())) == []
    assert expected()["DELETE /v1/me"] == SESSIONS_ONLY
