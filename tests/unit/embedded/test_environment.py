"""All settings are looked at before a start, with what the program fills in by itself."""

import pytest

from libs.common.settings import SettingsInvalid
from services.embedded.environment import check, filling_in
from services.embedded.settings import EmbeddedSettings


def faults(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as wrong:
        check(environ)
    return wrong.value.faults


def test_an_empty_environment_is_enough() -> None:
    assert check({}) == EmbeddedSettings()


def test_what_the_environment_says_of_us_comes_back() -> None:
    assert check({"PORT": "9000", "AUTH_ACCESS_LIFE_S": "300"}).port == 9000


def test_the_faults_of_all_services_are_told_at_once() -> None:
    told = faults({"PORT": "x", "AUTH_ACESS_LIFE_S": "5", "MESSAGES_CONTENT_CHARS": "0"})

    assert [line.split(" ")[0].split("=")[0] for line in told] == [
        "PORT",
        "AUTH_ACESS_LIFE_S",
        "MESSAGES_CONTENT_CHARS",
    ]


def test_a_fault_that_several_models_meet_is_told_once() -> None:
    assert len(faults({"LISTEN_BACKLOG": "0"})) == 1


def test_auth_is_told_where_people_reach_us() -> None:
    (fault,) = faults({"PUBLIC_URL": "https://chat.example.org/path"})

    assert fault.startswith("AUTH_PUBLIC_URL=")


def test_plain_http_that_is_wanted_here_is_wanted_in_auth() -> None:
    environ = {"PUBLIC_URL": "http://chat.example.org", "ALLOW_PLAIN_HTTP": "true"}

    assert filling_in(check(environ)) == {
        "AUTH_PUBLIC_URL": "http://chat.example.org",
        "AUTH_ALLOW_PLAIN_HTTP": "True",
    }


@pytest.mark.parametrize("name", ["AUTH_SECRET", "DATABASE_URL"])
def test_a_secret_may_come_from_a_file(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("secrets") / "secret"
    file.write_text("postgresql://role@host/of-your-own-database")

    assert check({f"{name}_FILE": str(file)}).port == EmbeddedSettings().port
