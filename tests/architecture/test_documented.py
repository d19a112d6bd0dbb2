"""What the code says of itself and what the documents say are the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.embedded.groups import GROUPS
from services.reference import settings_page
from services.rights import permissions_page

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "docs", "docs/decisions", "services", "clients")
    for path in (ROOT / folder).glob("*.md" if folder in (".", "docs") else "**/*.md")
    if "node_modules" not in path.parts
)


def protocol_words() -> set[str]:
    return set(re.findall(r"\w+", (ROOT / "docs/protocol.md").read_text()))


def is_frame(schema: dict[str, Any]) -> bool:
    return "const" in schema.get("properties", {}).get("type", {})


def test_the_page_of_settings_is_what_make_docs_writes() -> None:
    assert (ROOT / "docs/settings.md").read_text() == settings_page()


def test_the_page_of_permissions_is_what_make_docs_writes() -> None:
    assert (ROOT / "docs/permissions.md").read_text() == permissions_page()


def test_every_settings_model_is_on_the_page() -> None:
    page = settings_page()

    for _, prefix, model in GROUPS:
        for name in model.model_fields:
            assert f"| `{prefix}{name.upper()}` |" in page


@pytest.mark.parametrize("name", ["chat.v1.said", "chat.v1.heard"])
def test_the_protocol_names_every_frame_and_member(name: str) -> None:
    schemas = json.loads((ROOT / f"docs/schemas/{name}.json").read_text())["$defs"].values()
    members = {member for schema in schemas for member in schema.get("properties", {})}
    types = {schema["properties"]["type"]["const"] for schema in schemas if is_frame(schema)}
    words = {word for schema in schemas for word in schema.get("enum", [])}

    assert (members | types | words) - protocol_words() == set()


def codes_in_section(number: int, pattern: str) -> set[str]:
    """Return the codes in the first column of a section's tables."""
    section = re.split(r"^## ", (ROOT / "docs/protocol.md").read_text(), flags=re.MULTILINE)[number]
    rows = re.findall(r"^\| (.*?) \|", section, flags=re.MULTILINE)
    return {code for row in rows for code in re.findall(pattern, row)}


def codes_of(kind: str) -> set[str]:
    definitions = json.loads((ROOT / "docs/schemas/codes.json").read_text())["$defs"]
    return {str(code) for code in definitions[kind]["enum"]}


def test_the_protocol_says_of_every_error_code_what_to_do() -> None:
    assert codes_in_section(8, r"`(\w+)`") == codes_of("ErrorCode")


def test_the_protocol_says_of_every_close_code_what_it_means() -> None:
    of_websockets = {"1000", "1002", "1006"}

    assert codes_in_section(9, r"\d{4}") == codes_of("CloseCode") | of_websockets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    path = ROOT / document
    targets = LINK.findall(path.read_text())

    assert [target for target in targets if not (path.parent / target).exists()] == []
