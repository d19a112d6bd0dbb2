"""What may be said to the demo."""

import pytest

from services.demo.__main__ import main


@pytest.mark.parametrize("share", ["0", "1.5", "-1", "much"])
def test_a_share_is_above_nothing_and_at_most_all(
    share: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["seed", "--share", share])

    assert "--share" in capsys.readouterr().err


def test_a_wrong_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "nowhere")

    status = main(["seed"])

    assert status == 1
    assert "The demo cannot start: PORT" in capsys.readouterr().err.replace("\n", " ")
