"""Makes tomorrow's release out of today's tree: a copy with a real change.

A column of the log gets another name, in two halves: while both are there, a trigger keeps what
either release writes in both. And everything that crosses a border between processes gets a field
that today's release does not know.
"""

import shutil
from pathlib import Path
from typing import Final

from tests.support.child import ROOT

CONTRACT: Final = "contract_client_msg_id.sql"
EXPAND: Final = "expand_sender_msg_id.sql"

MIGRATIONS: Final = {
    EXPAND: """
        ALTER TABLE log ADD sender_msg_id text;
        UPDATE log SET sender_msg_id = client_msg_id WHERE client_msg_id IS NOT NULL;
        CREATE FUNCTION keep_both() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            NEW.sender_msg_id := coalesce(NEW.sender_msg_id, NEW.client_msg_id);
            NEW.client_msg_id := NEW.sender_msg_id;
            RETURN NEW;
        END $$;
        CREATE TRIGGER keep_both BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION keep_both();
    """,
    CONTRACT: """
        DROP TRIGGER keep_both ON log;
        DROP FUNCTION keep_both;
        ALTER TABLE log DROP client_msg_id;
    """,
}

LOG: Final = "services/messages/store/log.py"
ROWS: Final = "services/messages/store/rows.py"
FRAMES: Final = "services/messages/core/frames.py"
CONTRACTS: Final = "libs/common/contracts"

CHANGES: Final = (
    # The new column is written and read, and the old one no more.
    (LOG, "actor_name, client_msg_id, message_id,\n", "actor_name, sender_msg_id, message_id,\n"),
    (
        LOG,
        "client_msg_id, content, reply_to, thread_root, rev, mentions\n",
        "sender_msg_id, content, reply_to, thread_root, rev, mentions\n",
    ),
    (ROWS, "m.client_msg_id", "m.sender_msg_id"),
    # A command says more, an event too, and both ends of an internal call.
    (
        f"{CONTRACTS}/commands.py",
        "    thread_root: MessageId | None = None\n",
        "    thread_root: MessageId | None = None\n    mood: str | None = None\n",
    ),
    (
        f"{CONTRACTS}/events.py",
        "    reason: str | None = None\n",
        "    reason: str | None = None\n    told_by: str | None = None\n",
    ),
    (FRAMES, "detach, reason)\n\n", 'detach, reason, "tomorrow")\n\n'),
    (
        f"{CONTRACTS}/internal.py",
        "    kind: PersonKind | None = None\n",
        '    kind: PersonKind | None = None\n    told_by: str = "tomorrow"\n',
    ),
    (
        f"{CONTRACTS}/internal.py",
        "    muted_until: float | None = None\n",
        '    muted_until: float | None = None\n    told_by: str = "tomorrow"\n',
    ),
    # What is stored in the log about a join, and what clients see of a message.
    (
        f"{CONTRACTS}/frames.py",
        "    reason: Departure | None = None\n",
        '    reason: Departure | None = None\n    told_by: str = "tomorrow"\n',
    ),
    (
        f"{CONTRACTS}/frames.py",
        "    client_msg_id: str\n",
        '    client_msg_id: str\n    told_by: str = "tomorrow"\n',
    ),
)
"""In which file, what, and what instead."""


def make_release(folder: Path) -> Path:
    """Return a folder with tomorrow's `libs` and `services`; `folder` must not be there yet."""
    for package in ("libs", "services"):
        # Compiled modules come along: those that do not change need not be compiled again.
        shutil.copytree(ROOT / package, folder / package)
    for name, old, new in CHANGES:
        _change(folder / name, old, new)
    migrations = folder / "services/messages/migrations"
    for number, (name, sql) in enumerate(MIGRATIONS.items(), 1 + len(list(migrations.iterdir()))):
        (migrations / f"{number:04}_{name}").write_text(sql)
    return folder


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, f"{file} has changed: tell this test how {old!r} looks now"
    file.write_text(text.replace(old, new))
