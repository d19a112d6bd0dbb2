"""Letters as text: every kind in both forms, with nothing in them that was not meant to be."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from services.auth.api.mail.composing import Composing
from services.auth.api.mail.rendering import Rendering, Written
from services.auth.core.letters import shown_duration, shown_time
from services.auth.model.letters import KNOWN, NEEDED, Letter, LetterKind
from services.auth.settings.mail import MailSettings
from services.auth.store.mail import WaitingLetter

SITE = "https://chat.example.org"
LINK = f"{SITE}/reset#token=abc"
FIELDS = {
    "link": LINK,
    "what": "an authenticator app was added",
    "device": "Firefox on Linux",
    "address": "192.0.2.7",
    "at": "21 November 2026, 12:35 UTC",
}
RENDERING = Rendering(SITE, MailSettings())
MAX_BYTES = 30_000
"""Mail programs cut letters of more than 100 KB, and ours are short."""


def letter(kind: LetterKind, **fields: str) -> Letter:
    needed = {name: FIELDS[name] for name in NEEDED[kind]}
    return Letter(kind, "alice@example.org", needed | fields)


def written(kind: LetterKind, **fields: str) -> Written:
    return RENDERING.written(letter(kind, **fields))


class Links(HTMLParser):
    """Collects where a page leads, and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_can_be_written_with_what_it_needs(kind: LetterKind) -> None:
    made = written(kind)

    assert made.subject.isascii()
    assert made.text.startswith(made.subject)
    assert f"<title>{made.subject}</title>" in made.html
    for value in (FIELDS[name] for name in NEEDED[kind]):
        assert value in " ".join(made.text.split())
        assert value in made.html


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_loads_nothing_and_leads_to_us_only(kind: LetterKind) -> None:
    made = written(kind)
    links = Links(made.html)

    assert links.tags.isdisjoint({"img", "link", "script", "iframe", "object", "form"})
    assert all(one.startswith(SITE) for one in links.found)
    assert all(one.startswith(SITE) for one in re.findall(r"\w+://\S+", made.text))
    assert "url(" not in made.html
    assert len(made.html.encode()) < MAX_BYTES


@pytest.mark.parametrize("kind", LetterKind)
def test_plain_text_is_plain(kind: LetterKind) -> None:
    text = written(kind).text

    assert not re.search(r"<\w|&\w+;|\{[{%]|\n\n\n", text)
    assert all(len(line) <= 78 for line in text.splitlines() if "://" not in line)
    assert text.endswith(f"\n-- \nSent by Hubbub at {SITE}\nNobody reads answers to this letter.\n")


def test_a_link_stands_on_a_line_of_its_own() -> None:
    assert f"\n{LINK}\n" in written(LetterKind.RESET_PASSWORD).text


def test_who_is_told_of_a_token_is_led_to_where_it_is_revoked() -> None:
    text = written(LetterKind.TOKEN_MADE).text

    assert f"\n{SITE}/settings/tokens\n" in text
    assert "revoke" in text


def test_the_name_of_a_device_is_no_markup() -> None:
    made = written(LetterKind.NEW_DEVICE, device="<script>alert('x')</script>{{ 7 * 7 }}")

    assert "<script" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "{{ 7 * 7 }}" in made.html


def test_how_long_a_link_is_good_follows_the_settings() -> None:
    rendering = Rendering(SITE, MailSettings(reset_life_s=600, verify_life_s=36 * 3_600))

    assert "for 10 minutes" in rendering.written(letter(LetterKind.RESET_PASSWORD)).text
    assert "for 36 hours" in rendering.written(letter(LetterKind.VERIFY_EMAIL)).text


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if NEEDED[kind]])
def test_a_letter_without_what_it_needs_is_not_made(kind: LetterKind) -> None:
    with pytest.raises(ValueError, match="missing"):
        Letter(kind, "alice@example.org", {})


def test_a_field_that_no_template_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        letter(LetterKind.RESET_PASSWORD, name="Alice")


def test_every_needed_field_is_a_known_one() -> None:
    assert NEEDED.keys() == set(LetterKind)
    assert frozenset().union(*NEEDED.values()) <= KNOWN


def message(
    to: str = "alice@example.org", sender: str = "Hubbub <chat@example.org>"
) -> EmailMessage:
    posted = Letter(LetterKind.RESET_PASSWORD, to, {"link": LINK})
    waiting = WaitingLetter(7, None, posted, posted_at=1_700_000_000.5, tries=1)
    return Composing(RENDERING, sender=sender).message(waiting)


def test_the_same_letter_is_the_same_message_each_time() -> None:
    first, second = message(), message()

    assert first["Message-ID"] == second["Message-ID"] == "<7.1700000000500000@example.org>"
    assert first["Date"] == "Tue, 14 Nov 2023 22:13:20 +0000"


@pytest.mark.parametrize("to", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_an_address_adds_no_header(to: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message(to)


def test_a_sender_needs_no_name() -> None:
    assert message(sender="chat@example.org")["From"] == "chat@example.org"


def test_a_time_is_shown_in_utc() -> None:
    assert shown_time(1_700_000_000.0) == "14 November 2023, 22:13 UTC"


@pytest.mark.parametrize(
    ("duration_s", "shown"),
    [(60, "1 minute"), (1_800, "30 minutes"), (3_600, "1 hour"), (5_400, "90 minutes"),
     (86_400, "1 day"), (604_800, "7 days"), (129_600, "36 hours")],
)  # fmt: skip
def test_a_duration_is_shown_in_words(duration_s: int, shown: str) -> None:
    assert shown_duration(duration_s) == shown
