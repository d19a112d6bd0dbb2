"""Puts marks where no request of a test gets: straight into the tables, as things of one person."""

from typing import Final

PLANTS: Final = (
    "UPDATE auth.credential SET secret_hash = {mark} WHERE account_id = {id}",
    "UPDATE auth.session SET address = {mark}, client_hash = {bytes} WHERE account_id = {id}",
    "UPDATE auth.api_token SET prefix = {mark} WHERE account_id = {id}",
    "UPDATE auth.audit_trace SET address = {mark} WHERE actor_id = {id}",
    """
    INSERT INTO auth.login_attempt VALUES ({email_hash}, {mark}, 1, now())
    """,
    """
    INSERT INTO auth.mail (account_id, recipient, kind, fields, posted_at, try_at, shown_at)
    VALUES ({id}, {email}, 'export_ready', jsonb_build_object('link', {mark}), now(), now(), now())
    """,
    """
    INSERT INTO auth.letter_wish (email_key, kind, asked_at)
    VALUES (lower({email}), 'reset_password', now() + '1 day')
    """,
    """
    INSERT INTO auth.email_link VALUES
        ({bytes}, {id}, 'verify', {email}, now() + '1 day')
    """,
    "INSERT INTO auth.totp VALUES ({id}, false, {mark}, 0, now())",
    "INSERT INTO auth.recovery_code VALUES ({id}, {bytes})",
    """
    INSERT INTO auth.passkey VALUES
        (gen_random_uuid(), {id}, {bytes}, {bytes}, 0, ARRAY[{mark}], {mark}, now())
    """,
    """
    INSERT INTO auth.login_challenge VALUES
        ({bytes}, {id}, {bytes}, {mark}, {mark}, false, now(), now() + '1 day')
    """,
    """
    INSERT INTO auth.passkey_challenge VALUES
        (gen_random_uuid(), 'add', {id}, {bytes}, now() + '1 day')
    """,
    "INSERT INTO auth.known_place VALUES ({id}, {bytes}, now())",
    """
    INSERT INTO auth.identity VALUES
        (gen_random_uuid(), {mark}, {mark}, {id}, {email}, false, now())
    """,
    """
    INSERT INTO auth.server_invite VALUES
        (gen_random_uuid(), {bytes}, 1, 0, {id}, now(), now() + '1 day')
    """,
    "INSERT INTO auth.avatar VALUES ({id}, 1, {bytes}, {bytes})",
    """
    INSERT INTO auth.preference VALUES ({id}, {mark}, {mark}, {mark}, true, true)
    ON CONFLICT (account_id) DO UPDATE SET
        locale = {mark}, theme = {mark}, notify_messages = {mark}
    """,
    """
    WITH made AS (
        INSERT INTO auth.export (id, account_id, state, cursor, due_at, made_at, expires_at)
        VALUES (
            gen_random_uuid(), {id}, 'ready', {mark}, now(), now(), now() + '1 day'
        )
        RETURNING id
    )
    INSERT INTO auth.export_piece SELECT id, 0, {mark}, 0, 0, {bytes} FROM made
    """,
    """
    WITH made AS (
        INSERT INTO auth.outbox (key, kind, body)
        VALUES ({id}::text, 'auth.user.updated', convert_to({id}::text, 'UTF8') || {bytes})
        RETURNING id
    )
    INSERT INTO auth.outbox_try SELECT id, 5, true FROM made
    """,
    """
    WITH made AS (
        INSERT INTO rooms.outbox (key, kind, body)
        VALUES (gen_random_uuid()::text, 'cmd.v1', convert_to({id}::text, 'UTF8') || {bytes})
        RETURNING id
    )
    INSERT INTO rooms.outbox_try SELECT id, 5, true FROM made
    """,
    "UPDATE rooms.idempotency_key SET request_hash = {bytes} WHERE person_id = {id}",
    """
    INSERT INTO rooms.room_change (room_id, at, kind, actor_id, details)
    VALUES (
        (SELECT room_id FROM rooms.member WHERE person_id = {id} LIMIT 1), now(), 'room.changed',
        {id}, jsonb_build_object('field', 'title', 'is', {mark}::text)
    )
    """,
    """
    INSERT INTO rooms.invite (id, room_id, code_hash, role, made_by, made_at)
    SELECT gen_random_uuid(), room_id, {bytes}, 'member', {id}, now()
    FROM rooms.member WHERE person_id = {id} LIMIT 1
    """,
    """
    INSERT INTO rooms.ban (room_id, person_id, reason, made_by, made_at, device_hash, looks)
    SELECT room.id, person.id, {mark}, {id}, now(),
        CASE person.id WHEN {id} THEN {bytes} END,
        CASE person.id WHEN {id} THEN ARRAY[{mark}] ELSE ARRAY[]::text[] END
    FROM rooms.person, (SELECT id FROM rooms.room LIMIT 1) room
    """,
    """
    INSERT INTO rooms.mute (room_id, person_id, reason, made_by, made_at)
    SELECT room.id, person.id, {mark}, {id}, now()
    FROM rooms.person, (SELECT id FROM rooms.room LIMIT 1) room
    """,
    "UPDATE messages.command_key SET content_hash = {bytes} WHERE actor_id = {id}",
    """
    INSERT INTO messages.command_try VALUES
        (
            (SELECT room_id FROM messages.member WHERE person_id = {id} LIMIT 1), {id}, {mark}, 1,
            now()
        )
    """,
    """
    INSERT INTO messages.report (
        id, room_id, seq, author_id, content, reporter_kind, reporter_id, reporter_name, reason,
        note, at, state
    )
    SELECT gen_random_uuid(), room_id, 1, gen_random_uuid(), 'words of another', 'user', {id},
        {mark}, 'spam', {mark}, now(), 'open'
    FROM messages.member WHERE person_id = {id} LIMIT 1
    """,
    """
    INSERT INTO messages.report (
        id, room_id, seq, author_id, content, reporter_kind, reporter_id, reporter_name, reason,
        note, at, state, decider_kind, decider_id, decider_name, decided_at
    )
    SELECT gen_random_uuid(), room_id, 2, {id}, {mark}, 'user', gen_random_uuid(), 'Somebody',
        'spam', '', now(), 'open', 'user', {id}, {mark}, now()
    FROM messages.member WHERE person_id = {id} LIMIT 1
    """,
)
"""Statements with places for the id of the person, the mark as text and as bytes, the address, and
the hash under which log-ins with it are counted.
"""
