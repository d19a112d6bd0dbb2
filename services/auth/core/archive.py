"""A ZIP archive out of files that were compressed one by one, long before.

Each file is deflated when it is there, and kept; the archive is put together only while somebody
fetches it. So a copy of somebody's data can be made in pieces, by several processes after each
other, and nothing has to be packed twice. Pure: bytes in, bytes out.

See: APPNOTE.TXT of PKWARE, sections 4.3 (order), 4.4 (fields).
"""

import zlib
from io import RawIOBase
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.auth.model.exports import Piece

LEVEL: Final = 6
RAW_DEFLATE: Final = -15
"""A window of 32 KiB without the header of zlib, as ZIP wants it."""

FOR_OWNER: Final = 0o100600 << 16
"""A plain file that its owner may read and write, as Unix says it."""

UTC_YEAR: Final = (1980, 1, 1, 0, 0, 0)
"""The files say when they were made; the archive would say it in no time zone at all."""


def piece(name: str, content: bytes) -> Piece:
    """Compress a file."""
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW_DEFLATE)
    body = deflating.compress(content) + deflating.flush()
    return Piece(name, zlib.crc32(content), len(content), body)


class Archive:
    """Writes one archive from its beginning to its end."""

    def __init__(self) -> None:
        self._files: list[ZipInfo] = []
        self._written_bytes = 0

    def add(self, one: Piece) -> bytes:
        """Return what stands in the archive for the next file."""
        info = ZipInfo(one.name, UTC_YEAR)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = FOR_OWNER
        info.CRC, info.file_size, info.compress_size = one.crc, one.plain_bytes, len(one.body)
        info.header_offset = self._written_bytes
        self._files.append(info)
        written = info.FileHeader(zip64=False) + one.body
        self._written_bytes += len(written)
        return written

    def end(self) -> bytes:
        """Return what stands behind the last file: the list of all."""
        tail = _Tail(self._written_bytes)
        # ZipFile writes the list of the files that it knows of when it is closed.
        with ZipFile(tail, "w") as listing:
            listing.filelist = self._files
            listing.start_dir = self._written_bytes
        return bytes(tail.written)


class _Tail(RawIOBase):
    """The end of a file of which `offset` bytes are somewhere else."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self._offset = offset
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._offset + len(self.written)

    def write(self, some: bytes) -> int:  # type: ignore[override]  # ZipFile writes bytes only
        self.written += some
        return len(some)
