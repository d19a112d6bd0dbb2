"""What an operator sets is what runs, and what cannot run says why."""

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field, SecretStr, model_validator

from libs.common.settings import CommaList, Settings, SettingsInvalid, load, rows


class DoorSettings(Settings):
    access_ttl_s: int = Field(default=900, ge=60)
    """Life of an access token."""

    master_key: SecretStr = Field(min_length=8)
    """What all other
    keys are made from."""

    mail_from: str | None = None
    """Sender of mails."""

    is_open: bool = True
    """Let people register."""

    origins: CommaList = ("https://a.example", "https://b.example")
    """Where pages may come from."""

    level: Literal["low", "high"] = "low"
    """How strict to be."""


KEY = {"AUTH_MASTER_KEY": "correct-horse"}


def settings(**environ: str) -> DoorSettings:
    return load(DoorSettings, "AUTH_", environ=KEY | environ)


def faults(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as refused:
        settings(**environ)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_what_is_not_set_keeps_its_default() -> None:
    assert settings().access_ttl_s == 900
    assert settings().is_open


def test_what_is_set_is_taken() -> None:
    found = settings(AUTH_ACCESS_TTL_S="60", AUTH_IS_OPEN="false", AUTH_LEVEL="high")

    assert (found.access_ttl_s, found.is_open, found.level) == (60, False, "high")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert settings(AUTH_ACCESS_TTL_S="").access_ttl_s == 900


def test_a_list_is_separated_by_commas() -> None:
    assert settings(AUTH_ORIGINS="https://x.example, https://y.example,").origins == (
        "https://x.example",
        "https://y.example",
    )


def test_variables_of_others_are_left_alone() -> None:
    assert settings(PATH="/bin", ROOMS_ACCESS_TTL_S="x").access_ttl_s == 900


def test_without_a_prefix_only_the_own_names_are_looked_at() -> None:
    found = load(DoorSettings, "", environ={"MASTER_KEY": "correct-horse", "HOME": "/root"})

    assert found.master_key.get_secret_value() == "correct-horse"


def test_a_misspelt_name_is_refused_with_the_nearest_right_one() -> None:
    assert faults(AUTH_ACESS_TTL_S="60") == (
        "AUTH_ACESS_TTL_S is not a setting; did you mean AUTH_ACCESS_TTL_S?",
    )


def test_a_name_in_small_letters_is_refused_too() -> None:
    assert faults(auth_access_ttl_s="60") == (
        "auth_access_ttl_s is not a setting; did you mean AUTH_ACCESS_TTL_S?",
    )


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    assert faults(AUTH_ZZZZ="1") == ("AUTH_ZZZZ is not a setting; remove it.",)


def test_a_wrong_value_names_the_variable_the_reason_and_the_mend() -> None:
    assert faults(AUTH_ACCESS_TTL_S="15m") == (
        "AUTH_ACCESS_TTL_S='15m' is not valid: Input should be a valid integer, unable to parse "
        "string as an integer. Life of an access token. Default: 900.",
    )


def test_a_long_wrong_value_is_cut() -> None:
    (fault,) = faults(AUTH_ACCESS_TTL_S="x" * 5_000)

    assert len(fault) < 300


def test_a_missing_one_is_named() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load(DoorSettings, "AUTH_", environ={})

    assert refused.value.faults == (
        "AUTH_MASTER_KEY is missing. What all other keys are made from. Default: required.",
    )


def test_a_wrong_secret_is_not_repeated() -> None:
    (fault,) = faults(AUTH_MASTER_KEY="hunter2")

    assert fault.startswith("AUTH_MASTER_KEY is not valid: ")
    assert "at least 8" in fault
    assert "hunter2" not in fault


def test_all_faults_are_told_at_once_one_line_each() -> None:
    found = faults(AUTH_ACCESS_TTL_S="15m", AUTH_LEVEL="middle", AUTH_MASTER_KEY="x", AUTH_OPEN="1")

    assert len(found) == 4
    assert not any("\n" in fault for fault in found)


def test_a_misspelt_name_is_told_even_when_nothing_else_is_wrong_before_it_runs() -> None:
    assert len(faults(AUTH_LEVELS="high")) == 1


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n")

    found = load(DoorSettings, "AUTH_", environ={"AUTH_MASTER_KEY_FILE": str(file)})

    assert found.master_key.get_secret_value() == "from-a-file"


def test_only_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    assert "AUTH_LEVEL_FILE is not a setting" in faults(AUTH_LEVEL_FILE=str(tmp_path))[0]


def test_a_secret_may_not_come_from_two_places(tmp_path: Path) -> None:
    (fault,) = faults(AUTH_MASTER_KEY_FILE=str(tmp_path / "key"))

    assert fault == "AUTH_MASTER_KEY and AUTH_MASTER_KEY_FILE are both set; keep one."


def test_a_secrets_file_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load(DoorSettings, "AUTH_", environ={"AUTH_MASTER_KEY_FILE": str(tmp_path / "none")})

    assert refused.value.faults == (
        "AUTH_MASTER_KEY_FILE cannot be read: No such file or directory.",
    )


def test_a_secrets_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff\xfe\xff")

    with pytest.raises(SettingsInvalid, match="AUTH_MASTER_KEY_FILE cannot be read: it is not"):
        load(DoorSettings, "AUTH_", environ={"AUTH_MASTER_KEY_FILE": str(file)})


def test_a_rule_over_several_settings_speaks_for_itself() -> None:
    class Range(Settings):
        low: int = 1
        """The least."""

        high: int = 2
        """The most."""

        @model_validator(mode="after")
        def _ordered(self) -> "Range":
            if self.low > self.high:
                raise ValueError("LOW must not be\n    above HIGH")
            return self

    with pytest.raises(SettingsInvalid) as refused:
        load(Range, "", environ={"LOW": "9"})

    assert refused.value.faults == ("LOW must not be above HIGH",)


def test_a_setting_without_a_description_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match=r"Mute\.knob has no description"):

        class Mute(Settings):
            knob: int = 1


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings().access_ttl_s = 1  # type: ignore[misc]


def test_a_secret_is_not_shown_by_printing_the_settings() -> None:
    assert "correct-horse" not in repr(settings())


def test_every_setting_has_a_row_for_the_documentation() -> None:
    found = rows(DoorSettings, "AUTH_")

    assert [(row.name, row.default, row.unit) for row in found] == [
        ("AUTH_ACCESS_TTL_S", "900", "seconds"),
        ("AUTH_MASTER_KEY", "required", ""),
        ("AUTH_MAIL_FROM", "not set", ""),
        ("AUTH_IS_OPEN", "true", ""),
        ("AUTH_ORIGINS", "https://a.example,https://b.example", ""),
        ("AUTH_LEVEL", "low", ""),
    ]
    assert found[1].description == "What all other keys are made from."
    assert [row.is_secret for row in found] == [False, True, False, False, False, False]


def test_the_default_of_a_secret_is_hidden() -> None:
    class Optional(Settings):
        password: SecretStr = SecretStr("guest")
        """Of the broker."""

    assert rows(Optional, "")[0].default == "hidden"
