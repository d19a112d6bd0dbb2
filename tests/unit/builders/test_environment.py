"""What an environment says, with what a shape knows better."""

import pytest

from libs.common.http.settings import HttpSettings
from libs.common.logs import LogSettings
from libs.common.settings import SettingsInvalid
from services.builders.environment import check, filled_in, replaced


def test_all_faults_of_all_settings_are_told_at_once() -> None:
    environ = {"LOG_LEVEL": "loud", "HTTP_CHECK_TIMEOUT_S": "0"}

    with pytest.raises(SettingsInvalid) as wrong:
        check([("", LogSettings), ("", HttpSettings)], environ)

    assert [fault.partition("=")[0] for fault in wrong.value.faults] == [
        "LOG_LEVEL",
        "HTTP_CHECK_TIMEOUT_S",
    ]


def test_what_the_environment_says_is_not_filled_in() -> None:
    given = {"A": "theirs", "B_FILE": "/run/b", "C": ""}

    assert filled_in(given, {"A": "1", "B": "2", "C": "3", "D": "4"}) == {
        "A": "theirs",
        "B_FILE": "/run/b",
        "C": "3",
        "D": "4",
    }


def test_what_is_replaced_leaves_no_file_behind() -> None:
    given = {"A": "theirs", "A_FILE": "/run/a", "B": "theirs"}

    assert replaced(given, {"A": "ours"}) == {"A": "ours", "B": "theirs"}
