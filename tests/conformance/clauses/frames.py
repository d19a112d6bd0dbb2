"""P8 to P12 and P20: what may be said, and what becomes of those who say something else."""

import zlib
from pathlib import Path
from typing import Final

from tests.conformance.case import Case
from tests.conformance.clause import POLL, Clause, Skipped, expect, expect_equal
from tests.conformance.poll_way import PATH
from tests.conformance.raw import BINARY, COMPRESSED, LAST, frame, raw_wire
from tests.conformance.socket_way import SocketDevice, ready_device

BAD_FRAMES: Final = 6
BOMB_BYTES: Final = 60 * 1024 * 1024
BOMB_MOST_BYTES: Final = 5 * 1024 * 1024
DEFLATE: Final = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n"

UNKNOWN: Final = {
    '{"type":"dance","ref":"r","data":{}}': "unknown_type",
    '{"type":"ping","ref":"r","data":{"loud":true}}': "invalid",
    '{"type":"ping","ref":"r","to":"me"}': "invalid",
}

HOSTILE: Final = (
    "[" * 20_000,
    '{"type":"ping","ref":"r","data":NaN}',
    '{"type":"ping","ref":"r","data":{"a":-Infinity}}',
    f'{{"type":"ping","ref":"r","data":{{"a":{"9" * 5_000}}}}}',
)

STRINGS: Final = (r"a\u0000b", r"a\ud800b")
"""NUL, and half of a pair."""

REFUSED: Final = frozenset({"bad_json", "invalid"})


async def the_unknown_is_refused(case: Case) -> None:
    async with ready_device(case.alice) as device:
        for raw, code in UNKNOWN.items():
            await device.wire.write(raw)
            refusal = await device.hear("error")
            expect(refusal.data["code"] == code, f"`{code}` for {raw}", refusal)
        await device.settle()


async def an_unknown_member_is_refused(case: Case) -> None:
    body = {"cursors": {}, "timeout_ms": 0}
    answer = await case.alice.call("POST", PATH, body | {"loud": True})
    expect(answer.json().get("code") == "invalid", "a poll with more members refused", answer.text)
    await case.alice.do("POST", PATH, body)


async def a_binary_frame_closes(case: Case) -> None:
    await _closes_with(case, frame(b'{"type":"ping"}', opcode=BINARY), 1003)


async def bad_utf8_closes(case: Case) -> None:
    await _closes_with(case, frame(b'{"type":"\xff"}'), 1007)


async def too_large_a_frame_closes(case: Case) -> None:
    async with ready_device(case.alice) as device:
        await device.wire.write("{" + " " * case.limits["frame_bytes"])
        expect_equal((await device.wire.closed())[0], 1009, "a close with")
    await _closes_with(case, frame(b" " * (case.limits["auth_frame_bytes"] + 1)), 1009)


async def so_does_one_in_pieces(case: Case) -> None:
    half = case.limits["frame_bytes"] // 2 + 1
    async with ready_device(case.alice) as device:
        await device.wire.socket.send([" " * half, " " * half])
        expect_equal((await device.wire.closed())[0], 1009, "a close with")


async def a_bomb_does_no_harm(case: Case) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = packer.compress(b" " * BOMB_BYTES) + packer.flush(zlib.Z_SYNC_FLUSH)
    async with raw_wire(case.server.url, more=DEFLATE) as one:
        if "permessage-deflate" not in one.head.lower():
            raise Skipped("the server declines permessage-deflate")
        before = _memory_bytes(case.options.pid)
        await one.send(frame(bomb[:-4], flags=LAST | COMPRESSED))
        expect_equal(await one.close_code(), 1009, "a close with")
        grown = _memory_bytes(case.options.pid) - before
    expect(grown < BOMB_MOST_BYTES, "less than 5 MiB of memory to be taken", f"{grown} bytes")


async def hostile_json_is_refused(case: Case) -> None:
    room = await case.room()
    async with ready_device(case.alice) as device:
        for raw in HOSTILE:
            await _is_refused(device, raw)
    async with ready_device(case.alice) as device:
        for content in STRINGS:
            await _is_refused(
                device,
                '{"type":"send_message","ref":"r","data":'
                f'{{"room_id":"{room}","client_msg_id":"m","content":"{content}"}}}}',
            )
    expect_equal(await case.alice.history(room), [], "the history of the room to be")


async def hostile_json_is_refused_over_http(case: Case) -> None:
    room = await case.room()
    for body in HOSTILE:
        await _is_refused_over_http(case, PATH, body)
    for content in STRINGS:
        body = f'{{"client_msg_id":"m","content":"{content}"}}'
        await _is_refused_over_http(case, f"/v1/rooms/{room}/messages", body)
    expect_equal(await case.alice.history(room), [], "the history of the room to be")


async def the_sixth_bad_frame_closes(case: Case) -> None:
    async with ready_device(case.alice) as device:
        for _ in range(BAD_FRAMES):
            await device.wire.write("{")
        expect_equal((await device.wire.closed())[0], 4400, "a close with")
        errors = [one for one in device.frames if one.type == "error"]
        expect(len(errors) >= BAD_FRAMES - 1, "an `error` for each before", errors)


async def clients_ignore_the_unknown(_: Case) -> None:
    raise Skipped("is about clients: docs/transcripts holds them to it")


async def _closes_with(case: Case, data: bytes, code: int) -> None:
    """See that a socket which has said nothing yet is closed for these bytes."""
    async with raw_wire(case.server.url) as one:
        await one.send(data)
        expect_equal(await one.close_code(), code, "a close with")


async def _is_refused(device: SocketDevice, raw: str) -> None:
    await device.wire.write(raw)
    refusal = await device.hear("error")
    expect(refusal.data["code"] in REFUSED, f"{raw[:60]} refused as invalid", refusal)
    await device.settle()


async def _is_refused_over_http(case: Case, path: str, body: str) -> None:
    headers = case.alice.bearer | {"content-type": "application/json"}
    answer = await case.alice.http.post(path, content=body, headers=headers)
    code = answer.json().get("code")
    expect(answer.is_client_error and code in REFUSED, f"{body[:60]} refused", answer.text)


def _memory_bytes(pid: int | None) -> int:
    """Return what a process of this machine has in memory, 0 for one that is not known."""
    if pid is None:
        return 0
    pages = (Path("/proc") / str(pid) / "statm").read_text().split()[1]
    return int(pages) * 4096


CLAUSES: Final = (
    Clause(
        "P8",
        "an unknown type or field is refused, and the connection lives",
        the_unknown_is_refused,
        people=1,
    ),
    Clause(
        "P8",
        "a poll with an unknown member is refused, and the next one is answered",
        an_unknown_member_is_refused,
        ways=(POLL,),
        people=1,
    ),
    Clause("P9", "a binary frame closes with 1003", a_binary_frame_closes, people=0),
    Clause("P9", "text that is not UTF-8 closes with 1007", bad_utf8_closes, people=0),
    Clause(
        "P9",
        "a frame above `frame_bytes`, before `auth` above `auth_frame_bytes`, closes with 1009",
        too_large_a_frame_closes,
        people=1,
    ),
    Clause("P9", "so does one that is too large in fragments", so_does_one_in_pieces, people=1),
    Clause(
        "P10",
        "60 MiB deflated to 61 KB close with 1009 and take less than 5 MiB of memory",
        a_bomb_does_no_harm,
        people=0,
        is_alone=True,
    ),
    Clause(
        "P11",
        "deep nesting, NaN, NUL, half a surrogate and endless numbers are `bad_json` or `invalid`",
        hostile_json_is_refused,
        people=1,
    ),
    Clause(
        "P11",
        "the same in the body of a request",
        hostile_json_is_refused_over_http,
        ways=(POLL,),
        people=1,
    ),
    Clause(
        "P12", "the sixth bad frame in 10 s closes with 4400", the_sixth_bad_frame_closes, people=1
    ),
    Clause("P20", "a client ignores unknown frames and members", clients_ignore_the_unknown),
)
