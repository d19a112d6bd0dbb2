"""Pictures as people send them, and as those send them who mean harm."""

import io
import struct
import zlib

from PIL import Image

RED, BLUE = (255, 0, 0), (0, 0, 255)
TURN_RIGHT = 6
ORIENTATION, CAMERA, PLACE = 0x0112, 0x010F, 0x8825
CAMERA_NAME = "Marked Camera 9"


def picture(kind: str, size: tuple[int, int] = (400, 300), *, mode: str = "RGB") -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (size[0] // 2, 0, *size))
    return written(made.convert(mode), kind)


def written(made: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def from_a_phone() -> bytes:
    """Return a JPEG that lies on its side and says where it was taken and with what."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    exif[CAMERA] = CAMERA_NAME
    exif.get_ifd(PLACE)[1] = "N"
    made = Image.new("RGB", (600, 400), RED)
    made.paste(BLUE, (300, 0, 600, 400))
    return written(made, "JPEG", exif=exif, quality=95)


def animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (100, 100), colour) for colour in (RED, BLUE)]
    return written(frames[0], kind, save_all=True, append_images=frames[1:])


def png_of(width: int, height: int, *, data: bytes = b"") -> bytes:
    """Return a PNG that says to be so large, with this as its compressed lines."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
