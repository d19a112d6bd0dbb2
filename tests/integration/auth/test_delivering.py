"""Letters reach the mail server: late rather than never, and once where SMTP allows."""

import asyncio

import pytest
from structlog.testing import capture_logs

from services.auth.model.letters import LetterKind
from tests.integration.auth.living import Instance, Town
from tests.integration.auth.mailing import SENDER
from tests.integration.auth.posting import ALICE, SECRET_LINK, Postman
from tests.support.mail_server import MailServer, text_of


@pytest.fixture
def postman(auth: Instance, town: Town, server: MailServer) -> Postman:
    return Postman(auth, town, server.url)


async def test_a_letter_is_sent_and_forgotten(postman: Postman, server: MailServer) -> None:
    await postman.post_reset()

    await postman.go()

    (letter,) = server.letters
    assert await postman.left() == 0
    assert letter["From"] == SENDER
    assert letter["To"] == ALICE
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.timestamp() == int(postman.town.clock.now())
    assert SECRET_LINK in text_of(letter)
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


async def test_what_cannot_be_sent_is_tried_again_later(
    postman: Postman, server: MailServer
) -> None:
    server.answer = lambda offered: "451 try later" if offered < 2 else "250 taken"
    await postman.post_reset()

    await postman.go()
    await postman.go()
    at_once = server.offered
    await postman.town.clock.advance(10)
    await postman.go()
    await postman.town.clock.advance(19)
    await postman.go()
    before_its_time = server.offered
    await postman.town.clock.advance(1)
    await postman.go()

    assert (at_once, before_its_time, server.offered) == (1, 2, 3)
    assert await postman.left() == 0
    assert postman.outcomes("postponed") == 2


async def test_a_server_that_is_away_is_not_asked_for_every_letter(
    auth: Instance, town: Town
) -> None:
    postman = Postman(auth, town, "smtp://127.0.0.1:1")
    for _ in range(3):
        await postman.post_reset()

    await postman.go()

    assert postman.outcomes("postponed") == 1
    assert await postman.left() == 3


async def test_a_recipient_who_is_refused_is_given_up(postman: Postman, server: MailServer) -> None:
    server.refused[ALICE] = "550 no such mailbox"
    await postman.post_reset()
    await postman.post_reset("bob@example.org")

    await postman.go()

    assert server.recipients == ["bob@example.org"]
    assert await postman.left() == 0
    assert postman.outcomes("refused") == 1


async def test_a_full_mailbox_is_tried_again(postman: Postman, server: MailServer) -> None:
    server.refused[ALICE] = "452 mailbox full"
    await postman.post_reset()
    await postman.go()
    server.refused.clear()
    await postman.town.clock.advance(10)

    await postman.go()

    assert server.recipients == [ALICE]


async def test_a_letter_is_given_up_after_a_day(auth: Instance, town: Town) -> None:
    postman = Postman(auth, town, "smtp://127.0.0.1:1")
    await postman.post(LetterKind.PASSWORD_CHANGED, at="now")
    await postman.age(86_401)

    await postman.go()

    assert await postman.left() == 0
    assert postman.outcomes("given_up") == 1


async def test_a_link_that_has_expired_is_not_sent(postman: Postman, server: MailServer) -> None:
    await postman.post_reset()
    await postman.post(LetterKind.PASSWORD_CHANGED, at="now")
    await postman.age(1_801)

    await postman.go()

    assert [letter["Subject"] for letter in server.letters] == ["Your password was changed"]


async def test_several_instances_share_the_work_and_send_nothing_twice(
    auth: Instance, town: Town, server: MailServer
) -> None:
    postmen = [Postman(auth, town, server.url) for _ in range(3)]
    for number in range(30):
        await postmen[0].post_reset(f"{number}@example.org")

    await asyncio.gather(*[postman.go() for postman in postmen])

    assert sorted(server.recipients) == sorted(f"{number}@example.org" for number in range(30))
    assert all(postman.outcomes("sent") for postman in postmen)


async def test_a_letter_whose_sender_died_is_sent_by_another_with_the_same_id(
    auth: Instance, town: Town, server: MailServer
) -> None:
    first, second = Postman(auth, town, server.url), Postman(auth, town, server.url)
    await first.post_reset()
    server.is_mute = True
    dying = asyncio.create_task(first.go())
    await server.tried(1)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    server.is_mute = False

    await second.go()
    too_early = len(server.letters) - 1
    await town.clock.advance(40)
    await second.go()

    assert too_early == 0
    taken, again = server.letters
    assert taken["Message-ID"] == again["Message-ID"]
    assert again["Message-ID"].endswith("@example.org>")


async def test_a_server_that_says_nothing_is_left_in_time(
    auth: Instance, town: Town, server: MailServer
) -> None:
    postman = Postman(auth, town, server.url, timeout_s=0.2)
    server.is_mute = True
    await postman.post_reset()

    async with asyncio.timeout(5):
        await postman.go()

    assert postman.outcomes("postponed") == 1


async def test_an_address_in_another_script_is_written_to(
    postman: Postman, server: MailServer
) -> None:
    await postman.post_reset("пример@example.org")

    await postman.go()

    assert server.recipients == ["пример@example.org"]


async def test_a_line_break_in_an_address_makes_no_header(
    postman: Postman, server: MailServer
) -> None:
    await postman.post_reset("a@example.org\r\nBcc: everybody@example.org")
    await postman.post_reset()

    await postman.go()

    assert server.recipients == [ALICE]
    assert await postman.left() == 0


async def test_letters_beyond_a_bound_are_dropped_and_nobody_is_kept_waiting(
    postman: Postman,
) -> None:
    many = """
        INSERT INTO mail (recipient, kind, fields, posted_at, try_at)
        SELECT 'x', 'new_device', '{}', now(), now() FROM generate_series(1, 20000)
    """
    await postman.auth.database.execute(many)

    with capture_logs() as logs:
        await postman.post_reset()

    assert await postman.left() == 20_000
    assert [one["event"] for one in logs] == ["letter_dropped"]
