"""What clients may say, and how everything else is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import ChatError
from services.gateway.frames import said
from services.gateway.frames.reading import MAX_FAULTS, BadFrame, read_frame
from tests.unit.gateway.fakes import LOBBY

ROOM = str(LOBBY)
MESSAGE = "00000000-0000-4000-8000-0000000000aa"


def raw(type_: str, data: Any = None, **more: Any) -> bytes:
    frame = {"type": type_, "ref": "r1", "data": data}
    return json.dumps({name: v for name, v in (frame | more).items() if v is not None}).encode()


def refusal_of(frame: bytes) -> tuple[ChatError, str | None]:
    with pytest.raises(BadFrame) as bad:
        read_frame(frame)
    return bad.value.refusal, bad.value.ref


def code_of(frame: bytes) -> str | None:
    """Return the code with which a frame is refused; None when it is read."""
    try:
        read_frame(frame)
    except BadFrame as bad:
        return bad.refusal.code
    return None


SEND = {"room_id": ROOM, "client_msg_id": "m-1", "content": "hello"}
CURSOR = {"room_id": ROOM, "seq": 4, "epoch": "e"}

GOOD = [
    ("auth", {"token": "a.b.c", "resume": [CURSOR], "features": ["batch"]}, said.Auth),
    ("auth", {"client": {"name": "web", "version": "1.0", "platform": "Firefox"}}, said.Auth),
    ("auth", None, said.Auth),
    ("refresh", {"token": "a.b.c"}, said.Refresh),
    ("resume", {"rooms": [CURSOR]}, said.Resume),
    ("join_room", {"room_id": ROOM}, said.JoinRoom),
    ("join_room", {"room_id": ROOM, "after_seq": 0, "epoch": "e"}, said.JoinRoom),
    ("leave_room", {"room_id": ROOM}, said.LeaveRoom),
    ("send_message", SEND | {"reply_to": MESSAGE, "attachments": []}, said.SendMessage),
    ("send_message", SEND | {"content": "tab\tand\nline, ünï, 👋"}, said.SendMessage),
    (
        "edit_message",
        {"room_id": ROOM, "message_id": MESSAGE, "content": "x", "expected_rev": 1},
        said.EditMessage,
    ),
    ("delete_message", {"room_id": ROOM, "message_id": MESSAGE}, said.DeleteMessage),
    ("add_reaction", {"room_id": ROOM, "message_id": MESSAGE, "emoji": "👍"}, said.AddReaction),
    (
        "remove_reaction",
        {"room_id": ROOM, "message_id": MESSAGE, "emoji": ":x:"},
        said.RemoveReaction,
    ),
    ("typing", {"room_id": ROOM, "is_typing": True}, said.Typing),
    ("read", {"room_id": ROOM, "seq": 7}, said.Read),
    ("set_presence", {"state": "dnd", "status_text": "in a call"}, said.SetPresence),
    ("sync", {"room_id": ROOM, "after_seq": 0, "limit": 200}, said.Sync),
    ("ping", {}, said.Ping),
]


@pytest.mark.parametrize(("type_", "data", "model"), GOOD)
def test_every_command_is_read(type_: str, data: Any, model: type) -> None:
    frame = read_frame(raw(type_, data))

    assert type(frame) is model
    assert frame.ref == "r1"


@pytest.mark.parametrize("type_", ["typing", "read", "ping"])
def test_some_commands_need_no_ref(type_: str) -> None:
    data = next(data for known, data, _ in GOOD if known == type_)

    assert read_frame(json.dumps({"type": type_, "data": data}).encode()).ref is None


@pytest.mark.parametrize("type_", ["auth", "send_message", "sync", "join_room"])
def test_the_others_do(type_: str) -> None:
    data = next(data for known, data, _ in GOOD if known == type_)
    refusal, ref = refusal_of(json.dumps({"type": type_, "data": data}).encode())

    assert (refusal.code, refusal.fields, ref) == ("invalid", {"ref": "is required"}, None)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"type":"ping"} trailing',
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"type":"ping","data":' + b"[" * 20_000,
        b'{"type":"ping","ref":"\\ud800"}',
        b'{"type":"ping","x":' + b"9" * 5_000 + b"}",
        b'{"type":"read","data":{"seq":' + b"9" * 5_000 + b"}}",
    ],
)
def test_what_is_no_json_is_bad_json(frame: bytes) -> None:
    assert refusal_of(frame)[0].code == "bad_json"


@pytest.mark.parametrize("frame", [b"null", b"[]", b'"ping"', b"7", b"{}", b'{"ref":"r1"}'])
def test_what_is_no_frame_is_invalid(frame: bytes) -> None:
    assert refusal_of(frame)[0].code == "invalid"


@pytest.mark.parametrize("type_", ["shutdown", "", "AUTH", "hello", 7, None, {"a": 1}])
def test_an_unknown_command_is_told_apart(type_: Any) -> None:
    refusal, ref = refusal_of(json.dumps({"type": type_, "ref": "r9"}).encode())

    assert (refusal.code, ref) == ("unknown_type", "r9")


BAD = [
    ("ping", {"a": 1}, "data.*"),
    ("join_room", {"room_id": "lobby"}, "data.room_id"),
    ("join_room", {"room_id": 7}, "data.room_id"),
    ("join_room", {}, "data.room_id"),
    ("join_room", {"room_id": ROOM, "after_seq": 3}, "data"),
    ("join_room", {"room_id": ROOM, "after_seq": -1, "epoch": "e"}, "data.after_seq"),
    ("join_room", {"room_id": ROOM, "after_seq": 2**53, "epoch": "e"}, "data.after_seq"),
    ("join_room", {"room_id": ROOM, "after_seq": 1.5, "epoch": "e"}, "data.after_seq"),
    ("join_room", {"room_id": ROOM, "after_seq": "1", "epoch": "e"}, "data.after_seq"),
    ("join_room", {"room_id": ROOM, "after_seq": True, "epoch": "e"}, "data.after_seq"),
    ("send_message", SEND | {"content": ""}, "data.content"),
    ("send_message", SEND | {"content": "a\0b"}, "data.content"),
    ("send_message", SEND | {"content": "bell\a"}, "data.content"),
    ("send_message", SEND | {"client_msg_id": "no spaces"}, "data.client_msg_id"),
    ("send_message", SEND | {"client_msg_id": "x" * 65}, "data.client_msg_id"),
    ("send_message", SEND | {"attachments": ["f"]}, "data.attachments"),
    ("send_message", SEND | {"author": "me"}, "data.*"),
    ("add_reaction", {"room_id": ROOM, "message_id": MESSAGE, "emoji": "a\nb"}, "data.emoji"),
    ("typing", {"room_id": ROOM, "is_typing": 1}, "data.is_typing"),
    ("read", {"room_id": ROOM, "seq": 0}, "data.seq"),
    ("set_presence", {"state": "hidden"}, "data.state"),
    ("set_presence", {"state": "away", "status_text": "x" * 129}, "data.status_text"),
    ("sync", {"room_id": ROOM, "after_seq": 0, "limit": 201}, "data.limit"),
    ("resume", {"rooms": [CURSOR] * 201}, "data.rooms"),
    ("resume", {"rooms": [{"room_id": ROOM, "seq": 1}]}, "data.rooms.0.epoch"),
    ("auth", {"token": "with space"}, "data.token"),
    ("auth", {"token": "x" * 4097}, "data.token"),
    ("auth", {"features": ["teleport"]}, "data.features.0"),
    ("refresh", None, "data"),
]


@pytest.mark.parametrize(("type_", "data", "field"), BAD)
def test_a_broken_rule_is_named_by_its_field(type_: str, data: Any, field: str) -> None:
    refusal, ref = refusal_of(raw(type_, data))

    assert refusal.code == "invalid"
    assert list(refusal.fields or ()) == [field]
    assert ref == "r1"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    frame = f'{{"type":"read","ref":"r1","data":{{"room_id":"{ROOM}","seq":{number}}}}}'

    assert refusal_of(frame.encode())[0].code in {"invalid", "bad_json"}


@pytest.mark.parametrize("ref", ["", "x" * 65, "a b", "a\n", 7, None, ["r"]])
def test_an_unusable_ref_is_refused_and_not_sent_back(ref: Any) -> None:
    refusal, echoed = refusal_of(json.dumps({"type": "auth", "ref": ref, "data": {}}).encode())

    assert (refusal.code, echoed) == ("invalid", None)


def test_an_unknown_field_at_the_top_is_refused() -> None:
    refusal, ref = refusal_of(raw("ping", room_id=ROOM))

    assert (refusal.fields, ref) == ({"*": "is not a known field"}, "r1")


def test_nothing_of_what_was_sent_comes_back() -> None:
    secret = "hunter2"
    data = {secret: secret, "room_id": secret, "client_msg_id": secret + "!", "content": 7}
    refusal, _ = refusal_of(raw("send_message", data))

    assert secret not in json.dumps(refusal.body())


def test_an_answer_names_only_some_of_many_faults() -> None:
    names = ("room_id", "client_msg_id", "content", "reply_to", "thread_root", "attachments")
    refusal, _ = refusal_of(raw("send_message", dict.fromkeys((*names, "x"), 7), x=7, ref=7))

    assert len(refusal.fields or ()) == MAX_FAULTS


def test_a_list_of_faults_is_read_up_to_the_first() -> None:
    refusal, _ = refusal_of(raw("resume", {"rooms": [{"seq": "x"}] * 100}))

    assert {name.split(".")[2] for name in refusal.fields or ()} == {"0"}


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_bad_frame(junk: bytes) -> None:
    assert code_of(junk) in {None, "invalid", "bad_json", "unknown_type"}


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from([type_ for type_, _, _ in GOOD]), json_values, json_values)
def test_no_json_raises_anything_but_a_bad_frame(type_: str, data: Any, ref: Any) -> None:
    frame = json.dumps({"type": type_, "data": data, "ref": ref}).encode()

    assert code_of(frame) in {None, "invalid", "bad_json"}
