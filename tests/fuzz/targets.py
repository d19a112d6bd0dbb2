"""What is fuzzed, and what with. A target takes any bytes, and fails when a law is broken."""

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.unit.gateway.test_reading import BAD, GOOD, raw

CORPUS: Final = Path(__file__).parent / "corpus"
"""What was found interesting, or broke something: small files, replayed by every `make test`."""

TARGETS: Final = ("bodies", "frames", "sessions", "wires")

AUTH: Final = b'{"type":"auth","ref":"a","data":{"token":"Alice"}}'
GET: Final = b"GET /v1/x HTTP/1.1\r\nHost: chat.test\r\n\r\n"
POST: Final = b"POST /v1/x HTTP/1.1\r\nHost: chat.test\r\n"
UPGRADE: Final = (
    b"GET /v1/ws?x=1 HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: chat.v1\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
    b"Origin: http://chat.test\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
)


def runner(target: str) -> Callable[[bytes], None]:
    """Return the function of one target."""
    run: Callable[[bytes], None] = importlib.import_module(f"tests.fuzz.{target}").run
    return run


def kept(target: str) -> list[Path]:
    """Return the files of its corpus."""
    return sorted((CORPUS / target).glob("*"))


def seeds(target: str) -> list[bytes]:
    """Return what a first run begins with."""
    known = {"bodies": _bodies, "frames": _frames, "sessions": _sessions, "wires": _wires}
    return list(known[target]())


def _bodies() -> Iterator[bytes]:
    room = "00000000-0000-4000-8000-0000000000aa"
    for cursors in ({}, {room: None}, {room: {"seq": 4, "epoch": "e"}}, {"lobby": 7}):
        yield json.dumps({"cursors": cursors}).encode()
    yield json.dumps(
        {"cursors": {}, "timeout_ms": 0, "greet": True, "features": ["batch"]}
    ).encode()
    yield b'{"cursors": {"\\u0000": [["\\ud800"]]}, "timeout_ms": 1e400}'


def _frames() -> Iterator[bytes]:
    for type_, data, _ in (*GOOD, *BAD):
        yield raw(type_, data)


def _sessions() -> Iterator[bytes]:
    for type_, data, _ in GOOD:
        said = raw(type_, data)
        yield b"\n".join((AUTH, b"!a", said, b"!x", b"!t7", said, b"!l", b"!t9"))
    yield b"\n".join((AUTH, b"!d"))
    yield b"\n".join((b"{", b"[]", b"!t5", AUTH))


def _wires() -> Iterator[bytes]:
    for how in (0, 8, 16, 64, 128):
        for head in (GET, POST + b"Content-Length: 3\r\n\r\nabc", UPGRADE, GET + UPGRADE, GET * 20):
            yield bytes((how,)) + head
        chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX: y\r\n\r\n"
        yield bytes((how,)) + chunked
    for how in (0x21, 0x22, 0x26, 0x29, 0x31, 0x61, 0xA1):
        lines = [b"\x01" + AUTH, b"\x09hey", b"\x01" + b'{"type":"ping","ref":"p"}', b"\x0a"]
        yield bytes((how,)) + b"\n".join([*lines, b"\x08\x03\xe8bye"])
        yield bytes((how,)) + b"\n".join([b"\x01{", b"\x02x", b"\x03", b"\x41x"])
        for type_, data, _ in GOOD:
            yield bytes((how,)) + b"\n".join([lines[0], b"\x01" + raw(type_, data)])


def words() -> str:
    """Return the words of the protocol as a dictionary for the fuzzer."""
    schema = CORPUS.parents[2] / "docs/schemas/chat.v1.said.json"
    found: set[str] = set()
    for definition in json.loads(schema.read_text())["$defs"].values():
        for name, member in definition.get("properties", {}).items():
            found |= {name, str(member.get("const", "")), *member.get("enum", ())}
    return "".join(f'"\\"{word}\\""\n' for word in sorted(found - {""}))
