"""Letters as text: one template for each kind, and a layout for each of the two forms.

Both forms of a letter are made of the same words (`templates/letters`). What a paragraph or a
button is in each form stands in `templates/parts.*`. In HTML everything is escaped; plain text has
nothing to escape. A field that is not there is a mistake and not an empty place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from services.auth.core.letters import shown_duration
from services.auth.model.letters import KNOWN, Letter, LetterKind
from services.auth.settings.mail import MailSettings

GAPS: Final = re.compile(r"\n{3,}")
"""More than one empty line, as templates leave them."""

Facts = tuple[tuple[str, str], ...]
"""What every letter of a server may say, by name."""

NOTHING: Final = dict.fromkeys(KNOWN, "")
"""Fields that a kind does not need and a letter does not have."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


class Rendering:
    """Writes letters."""

    def __init__(self, public_url: str, settings: MailSettings) -> None:
        facts = (
            ("public_url", public_url),
            ("host", urlsplit(public_url).netloc),
            ("verify_life", shown_duration(settings.verify_life_s)),
            ("reset_life", shown_duration(settings.reset_life_s)),
        )
        self._text = _form("txt", facts, is_escaped=False)
        self._html = _form("html", facts, is_escaped=True)

    def written(self, letter: Letter) -> Written:
        """Return the letter in both forms."""
        fields = {**NOTHING, **letter.fields}
        text = self._text.of(letter.kind, fields)
        return Written(
            subject=self._text.subject_of(letter.kind, fields),
            text=GAPS.sub("\n\n", text.strip()) + "\n",
            html=self._html.of(letter.kind, fields),
        )


class _Form:
    """All templates in one form."""

    def __init__(self, ending: str, facts: Facts, *, is_escaped: bool) -> None:
        self._layout = f"layout.{ending}"
        self._templates = Environment(
            loader=PackageLoader("services.auth.api.mail"),
            autoescape=is_escaped,  # noqa: S701 - off for plain text only
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(facts)
        parts = self._templates.get_template(f"parts.{ending}").module
        self._templates.globals["say"] = parts

    def of(self, kind: LetterKind, fields: Mapping[str, str]) -> str:
        return self._template(kind).render(self._with_layout(fields))

    def subject_of(self, kind: LetterKind, fields: Mapping[str, str]) -> str:
        template = self._template(kind)
        return "".join(template.blocks["subject"](template.new_context(self._with_layout(fields))))

    def _template(self, kind: LetterKind) -> Template:
        return self._templates.get_template(f"letters/{kind}.jinja")

    def _with_layout(self, fields: Mapping[str, str]) -> dict[str, Any]:
        return {**fields, "layout": self._layout}


# Jinja takes ten milliseconds to compile a template, so who says the same shares them.
@lru_cache(maxsize=2)
def _form(ending: str, facts: Facts, *, is_escaped: bool) -> _Form:
    return _Form(ending, facts, is_escaped=is_escaped)
