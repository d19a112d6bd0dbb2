"""Passwords, links and addresses go to the mail server only, and to no one on the way."""

import pytest
from structlog.testing import capture_logs

from tests.integration.auth.living import Instance, Town
from tests.integration.auth.posting import ALICE, SECRET_LINK, Postman
from tests.support.certificates import tls_pair
from tests.support.mail_server import mail_server


async def test_a_password_is_shown_over_tls_only(auth: Instance, town: Town) -> None:
    async with mail_server(must_turn_secure=False) as plain:
        # Another name of this machine, which is none of those that count as it.
        url = plain.url.replace("smtp://127.0.0.1", "smtp://chat:canary-password@0.0.0.0")
        postman = Postman(auth, town, url)
        await postman.post_reset()

        await postman.go()

    assert plain.logins == []
    assert plain.letters == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_letters_go_over_tls_with_a_password(auth: Instance, town: Town, scheme: str) -> None:
    theirs, ours = tls_pair("127.0.0.1")
    async with mail_server(tls=theirs, is_secure=scheme == "smtps") as server:
        url = f"{scheme}://chat%40example.org:p%40ss%2Fword@127.0.0.1:{server.port}"
        postman = Postman(auth, town, url, tls=ours)
        await postman.post_reset()

        await postman.go()

    assert server.logins == [("chat@example.org", "p@ss/word")]
    assert server.recipients == [ALICE]


async def test_a_certificate_that_nobody_vouches_for_is_refused(auth: Instance, town: Town) -> None:
    theirs, _ = tls_pair("127.0.0.1")
    async with mail_server(tls=theirs) as server:
        url = server.url.replace("smtp://", "smtp://chat:canary-password@")
        postman = Postman(auth, town, url)
        await postman.post_reset()

        await postman.go()

    assert (server.logins, server.letters) == ([], [])
    assert postman.outcomes("postponed") == 1


async def test_a_wrong_password_of_ours_costs_no_letter(auth: Instance, town: Town) -> None:
    theirs, ours = tls_pair("127.0.0.1")
    async with mail_server(tls=theirs) as server:
        url = server.url.replace("smtp://", "smtp://chat:wrong@")
        postman = Postman(auth, town, url, tls=ours)
        await postman.post_reset()

        await postman.go()

    assert await postman.left() == 1


async def test_the_log_tells_no_address_no_link_and_no_password(auth: Instance, town: Town) -> None:
    async with mail_server(must_turn_secure=False) as server:
        server.refused["bob@example.org"] = "550 bob@example.org unknown"
        server.answer = lambda _: f"451 {ALICE} {SECRET_LINK} later"
        url = server.url.replace("smtp://", "smtp://canary-user:canary-password@")
        postman = Postman(auth, town, url)
        await postman.post_reset("bob@example.org")
        await postman.post_reset()
        with capture_logs() as logs:
            await postman.go()

    told = str(logs)
    assert "letter_refused" in told or "letter_postponed" in told
    for canary in ("alice", "bob", "canary", "token=", "example.org"):
        assert canary not in told
