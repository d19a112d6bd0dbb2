"""A schema of the rooms service, as releases of these tests have it."""

from dataclasses import replace
from typing import Final

from libs.common.migrations import Migration, Schema, parse

START: Final = parse(
    "0001_expand_start.sql", "CREATE TABLE room (id bigserial PRIMARY KEY, title text)"
)
TOPIC: Final = parse("0002_expand_topic.sql", "ALTER TABLE room ADD topic text")
NO_TITLE: Final = parse("0003_contract_title.sql", "ALTER TABLE room DROP title")
KIND: Final = parse("0004_expand_kind.sql", "ALTER TABLE room ADD kind text")

ROOMS: Final = Schema("rooms", "hubbub_test_rooms", (START, TOPIC, NO_TITLE, KIND))


def with_files(*migrations: Migration) -> Schema:
    return replace(ROOMS, migrations=migrations)
