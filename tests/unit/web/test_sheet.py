from tests.browser.screens.camera import Picture
from tests.browser.screens.sheet import sheet


def test_the_pictures_of_one_view_stand_in_one_row() -> None:
    taken = [Picture("rooms", "desktop", "light"), Picture("log-in", "desktop", "light")]

    page = sheet([*taken, Picture("rooms", "phone", "dark")])

    rows = [row for row in page.splitlines() if row.startswith("<section>")]
    assert "rooms-desktop-light.png" in rows[0]
    assert "rooms-phone-dark.png" in rows[0]
    assert "log-in-desktop-light.png" in rows[1]
