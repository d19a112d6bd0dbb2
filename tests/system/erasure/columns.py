"""Every column in which a word of somebody could stand, and what the proof does about it.

A column is `MARKED`: something of the person is put there and must be gone afterwards. Or it says
why no word of anybody can be there; it is looked through all the same.
"""

from typing import Final

MARKED: Final = "marked"

OURS: Final = "a word of ours"
RANDOM: Final = "hash or seal of something random"
COUNTED: Final = "hash of an id or a network, gone within minutes"
RECEIPT: Final = "the receipt itself: ids, numbers and a signature"

GUESTS: Final = "of a guest, who has no account and goes with the room"

COLUMNS: Final[dict[str, dict[str, str]]] = {
    "auth.account": {
        "email": MARKED,
        "email_key": MARKED,
        "email_state": OURS,
        "kind": OURS,
        "name": MARKED,
        "name_key": MARKED,
        "search_key": MARKED,
        "searched_name": MARKED,
        "system_role": OURS,
    },
    "auth.account_word": {"word": MARKED, "search_key": MARKED},
    "auth.api_token": {"name": MARKED, "prefix": MARKED, "token_hash": RANDOM, "scopes": OURS},
    "auth.audit": {"kind": OURS, "outcome": OURS, "details": "ids, numbers and words of ours"},
    "auth.audit_trace": {"actor_name": MARKED, "subject_name": MARKED, "address": MARKED},
    "auth.avatar": {"small": MARKED, "large": MARKED},
    "auth.credential": {"provider": OURS, "secret_hash": MARKED},
    "auth.email_link": {"token_hash": MARKED, "purpose": OURS, "email": MARKED},
    "auth.erasure": {"state": OURS},
    "auth.erasure_step": {
        "service": OURS,
        "counts": RECEIPT,
        "receipt": RECEIPT,
        "verified_by": RECEIPT,
    },
    "auth.export": {"state": OURS, "cursor": MARKED},
    "auth.export_piece": {"name": MARKED, "body": MARKED},
    "auth.guest_session": {
        "name": GUESTS,
        "token_hash": RANDOM,
        "client_hash": GUESTS,
        "end_reason": OURS,
    },
    "auth.identity": {"issuer": MARKED, "subject": MARKED, "email": MARKED},
    "auth.identity_news": {"identity_hash": "keeps a webhook from making the account again"},
    "auth.known_place": {"mark": MARKED},
    "auth.letter_wish": {"email_key": MARKED, "kind": OURS},
    "auth.login_attempt": {"email_hash": "looked for as the hash that it is", "origin": MARKED},
    "auth.login_challenge": {
        "token_hash": MARKED,
        "client_hash": MARKED,
        "proved_by": MARKED,
        "device": MARKED,
    },
    "auth.mail": {"recipient": MARKED, "kind": OURS, "fields": MARKED},
    "auth.outbox": {"key": "an id", "kind": OURS, "body": MARKED},
    "auth.owner_token": {"token_hash": RANDOM},
    "auth.passkey": {
        "credential_id": MARKED,
        "public_key": MARKED,
        "transports": MARKED,
        "name": MARKED,
    },
    "auth.passkey_challenge": {"purpose": OURS, "challenge": MARKED},
    "auth.policy": {"registration": OURS, "domains": "the operator's"},
    "auth.preference": {"locale": MARKED, "theme": MARKED, "notify_messages": MARKED},
    "auth.rate": {"key": COUNTED},
    "auth.recovery_code": {"code_hash": MARKED},
    "auth.server_invite": {"token_hash": MARKED},
    "auth.session": {
        "device": MARKED,
        "address": MARKED,
        "token_hash": RANDOM,
        "client_hash": MARKED,
        "end_reason": OURS,
        "proved_by": OURS,
    },
    "auth.signing_keys": {"sealed": RANDOM},
    "auth.totp": {"sealed": MARKED},
    "auth.used_login": {"state_hash": RANDOM},
    "auth.webhook": {"id_hash": "hash of a delivery's id"},
    "rooms.ban": {"reason": MARKED, "device_hash": MARKED, "looks": MARKED},
    "rooms.door_try": {"key": COUNTED},
    "rooms.erasure": {"counts": RECEIPT, "receipt": RECEIPT},
    "rooms.guest": {"alias": GUESTS, "device_hash": GUESTS},
    "rooms.guest_door": {"slug": RANDOM, "password_hash": "goes with the room, is shared like it"},
    "rooms.guest_ending": {"reason": OURS},
    "rooms.guest_look": {"look": GUESTS},
    "rooms.idempotency_key": {"key": MARKED, "request_hash": MARKED},
    "rooms.invite": {"code_hash": MARKED, "role": OURS},
    "rooms.member": {"name": MARKED, "name_key": MARKED, "role": OURS},
    "rooms.mute": {"reason": MARKED},
    "rooms.outbox": {"key": "an id", "kind": OURS, "body": MARKED},
    "rooms.person": {"kind": OURS, "name": MARKED, "system_role": OURS},
    "rooms.rate": {"key": COUNTED},
    "rooms.room": {
        "kind": OURS,
        "state": OURS,
        "title": MARKED,
        "title_key": MARKED,
        "topic": MARKED,
        "direct_key": "hash of ids",
        "state_before": OURS,
    },
    "rooms.room_change": {"kind": OURS, "details": MARKED},
    "messages.command_key": {"command_id": MARKED, "kind": OURS, "content_hash": MARKED},
    "messages.command_try": {"command_id": MARKED},
    "messages.erasure": {"counts": RECEIPT, "receipt": RECEIPT},
    "messages.log": {
        "kind": OURS,
        "actor_kind": OURS,
        "actor_name": MARKED,
        "detail": MARKED,
        "client_msg_id": MARKED,
        "content": MARKED,
    },
    "messages.member": {"person_kind": OURS, "name": MARKED, "role": OURS},
    "messages.message_edit": {"content": MARKED},
    "messages.rate": {"key": COUNTED},
    "messages.reaction": {"emoji": "exactly one emoji"},
    "messages.report": {
        "content": MARKED,
        "reporter_kind": OURS,
        "reporter_name": MARKED,
        "reason": OURS,
        "note": MARKED,
        "state": OURS,
        "decider_kind": OURS,
        "decider_name": MARKED,
    },
    "messages.room_head": {
        "epoch": RANDOM,
        "kind": OURS,
        "state": OURS,
        "title": MARKED,
        "topic": MARKED,
    },
    "messages.system_role": {"role": OURS},
    "presence.erasure": {"counts": RECEIPT, "receipt": RECEIPT},
    "presence.status": {"chosen": OURS, "last_seen_to": OURS, "status_text": MARKED},
}
