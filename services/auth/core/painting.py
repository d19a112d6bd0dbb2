"""Draws pictures of people anew: whatever came, a small WebP of two sizes goes on.

Nothing of the upload is kept but its pixels: no place where it was taken, no second image, no page
that hides behind the first bytes of a picture.

This runs in a process of its own, `services.auth.api.profiles.painter`, and only there Pillow is
loaded: a hostile picture aims at its decoders.

See: OWASP ASVS 5.0, 5.2 and 5.3.
"""

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from services.auth.core.pictures import (
    DECODERS,
    MAX_PIXELS,
    MAX_SIDE,
    SIZES,
    NotAPicture,
    TooManyPixels,
    kind_of,
)
from services.auth.model.pictures import Drawn

QUALITY: Final = 80

PLAIN: Final = frozenset({"L", "RGB", "RGBA"})
"""How pictures are kept that can be made smaller as they are."""


def drawn(raw: bytes) -> Drawn:
    """Return what becomes of an upload: its middle square, turned the right way up.

    Raises: NotAPicture, TooManyPixels.
    """
    kind = kind_of(raw)
    try:
        with Image.open(io.BytesIO(raw), formats=[DECODERS[kind]]) as picture:
            square = _square(picture)
    except Image.DecompressionBombError as huge:
        raise TooManyPixels from huge
    # What decoders say of what is broken, cut off or not what it begins as.
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as broken:
        raise NotAPicture from broken
    small, large = (_written(square, size) for size in SIZES)
    return Drawn(small, large)


def _square(picture: Image.Image) -> Image.Image:
    """Return a picture as it is shown, at twice the size that is kept."""
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise TooManyPixels
    twice = 2 * SIZES[-1]
    # A JPEG is decoded at the smallest size that will do, others are made smaller at once: what
    # follows is cheap, and no more than two copies of a large picture are there together.
    picture.draft("RGB", (twice, twice))
    picture.load()
    plain = picture if picture.mode in PLAIN else picture.convert("RGBA")
    smaller = plain.reduce(max(1, min(plain.size) // twice))
    return ImageOps.exif_transpose(smaller).convert("RGBA")


def _written(picture: Image.Image, size: int) -> bytes:
    fitted = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
    # A picture of its own: what came with the upload is not taken along.
    bare = Image.new("RGBA", fitted.size)
    bare.paste(fitted)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
