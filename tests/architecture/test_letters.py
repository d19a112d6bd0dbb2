"""Whatever page a letter names is one of the web client's."""

import re
from pathlib import Path

from services.auth.api.privacy.making import PAGE_OF_SETTINGS

ROOT = Path(__file__).parents[2]
LETTERS = ROOT / "services/auth/api/mail/templates"
SECTIONS = ROOT / "clients/web/src/app/settings/sections.ts"
ROUTES = ROOT / "clients/web/src/app/router.ts"


def test_every_page_that_a_letter_names_is_there() -> None:
    named = {PAGE_OF_SETTINGS}
    for path in LETTERS.rglob("*.jinja"):
        named |= set(re.findall(r'public_url ~ "/([a-z/-]+)"', path.read_text()))
    sections = re.findall(r'^ {4}id: "([a-z-]+)",$', SECTIONS.read_text(), re.MULTILINE)
    pages = re.findall(r'^ {2}"/([a-z-]+)": \{ page:', ROUTES.read_text(), re.MULTILINE)

    there = {f"settings/{section}" for section in sections} | set(pages)

    assert {"login", "forgot", PAGE_OF_SETTINGS} <= named
    assert named <= there
