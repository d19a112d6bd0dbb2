"""Whatever came, a small picture goes on, and nothing else of it."""

import io
import zlib

import pytest
from PIL import Image

from services.auth.core.painting import drawn
from services.auth.core.pictures import (
    MAX_SIDE,
    NotAPicture,
    TooManyPixels,
    kind_of,
)
from tests.unit.auth.pictures import (
    BLUE,
    CAMERA_NAME,
    RED,
    animation,
    from_a_phone,
    picture,
    png_of,
    written,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!doctype html><script>alert(1)</script>"


def seen(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


def is_like(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    """Say whether a point has about this colour: both ways to keep a picture change it a little."""
    there = image.convert("RGB").getpixel(at)
    assert isinstance(there, tuple)
    return all(abs(is_ - wanted) < 40 for is_, wanted in zip(there, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_comes_out_in_two_sizes(kind: str) -> None:
    made = drawn(picture(kind))

    small, large = seen(made.small), seen(made.large)
    assert (small.format, small.size) == ("WEBP", (64, 64))
    assert (large.format, large.size) == ("WEBP", (256, 256))
    assert is_like(large, (30, 128), RED)
    assert is_like(large, (226, 128), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_every_way_to_keep_colours_is_understood(mode: str) -> None:
    assert seen(drawn(picture("PNG", mode=mode)).small).size == (64, 64)


def test_sixteen_bits_of_grey_are_understood() -> None:
    raw = written(Image.new("I;16", (300, 200), 40_000), "PNG")

    assert seen(drawn(raw).small).size == (64, 64)


def test_a_printers_jpeg_is_understood() -> None:
    assert seen(drawn(picture("JPEG", mode="CMYK")).small).size == (64, 64)


def test_what_is_see_through_stays_so() -> None:
    raw = written(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")

    corner = seen(drawn(raw).large).convert("RGBA").getpixel((0, 0))

    assert isinstance(corner, tuple)
    assert corner[3] == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 2_000), (2_000, 3), (64, 64), (3_000, 2_000)])
def test_every_shape_becomes_a_square(size: tuple[int, int]) -> None:
    made = drawn(picture("PNG", size))

    assert (seen(made.small).size, seen(made.large).size) == ((64, 64), (256, 256))


def test_a_picture_that_lies_on_its_side_is_turned_and_forgets_where_it_was_taken() -> None:
    raw = from_a_phone()
    assert CAMERA_NAME.encode() in raw

    made = drawn(raw)

    large = seen(made.large)
    assert is_like(large, (128, 30), RED)
    assert is_like(large, (128, 226), BLUE)
    for one in (made.small, made.large):
        assert CAMERA_NAME.encode() not in one
        assert b"EXIF" not in one
        assert not seen(one).getexif()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_stays(kind: str) -> None:
    large = seen(drawn(animation(kind)).large)

    assert getattr(large, "n_frames", 1) == 1
    assert is_like(large, (128, 128), RED)


def test_what_hides_behind_a_picture_is_gone() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        made = drawn(picture(kind) + PAGE)

        assert b"script" not in made.small + made.large


NOT_PICTURES = [
    b"",
    b"\0",
    SVG,
    PAGE,
    b"GIF89a" + PAGE,
    b"\x89PNG\r\n\x1a\n" + PAGE,
    b"\xff\xd8\xff\xe0" + PAGE,
    b"RIFF\x10\0\0\0WEBPVP8 " + PAGE,
    b"%PDF-1.7",
    b"BM" + bytes(100),
    b"\0\0\x01\0",
    picture("PNG")[:-60],
    picture("JPEG")[:300],
    picture("PNG")[1:],
    png_of(0, 10),
    png_of(100, 100, data=zlib.compress(b"")),
    png_of(100, 100, data=b"not compressed"),
]


@pytest.mark.parametrize("raw", NOT_PICTURES, ids=range(len(NOT_PICTURES)))
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn(raw)


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (MAX_SIDE + 1, 1), (9_000, 9_000), (2**31 - 1, 1)]
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    width: int, height: int
) -> None:
    raw = png_of(width, height, data=zlib.compress(bytes(10_000_000)))

    with pytest.raises(TooManyPixels):
        drawn(raw)


def test_the_first_bytes_say_what_it_is() -> None:
    assert [kind_of(picture(kind)) for kind in ("PNG", "JPEG", "GIF", "WEBP")] == [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    ]
