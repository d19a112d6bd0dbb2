"""The connections of this gateway, found by whose they are."""

from uuid import UUID

from libs.common.contracts.events import Answer, Personal
from libs.common.contracts.ids import ConnectionId, PersonId, SessionId
from services.gateway.hub.people import People
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import standing


def test_people_are_found_by_person_session_and_connection() -> None:
    people = People()
    alice, phone, bob = FakeClient(), FakeClient(name="c-2"), FakeClient(BOB, name="c-3")
    for client in (alice, phone, bob):
        assert people.add(client, max_of_person=2) is None

    assert people.of_person(ALICE.id) == [alice, phone]
    assert people.of_session(SessionId(BOB.id)) == [bob]
    assert people.connection(ConnectionId("c-2")) is phone
    assert len(people) == 3

    people.remove(alice)
    people.remove(alice)
    assert people.of_person(ALICE.id) == [phone]


def test_the_oldest_connection_of_a_person_has_to_go() -> None:
    people = People()
    clients = [FakeClient(name=f"c-{number}") for number in range(3)]

    oldest = [people.add(client, max_of_person=2) for client in clients]

    assert oldest == [None, None, clients[0]]


def test_a_personal_frame_goes_to_all_connections_of_one_person() -> None:
    people = People()
    alice, phone, bob = FakeClient(), FakeClient(name="c-2"), FakeClient(BOB, name="c-3")
    for client in (alice, phone, bob):
        people.add(client, max_of_person=9)

    assert people.tell(Personal(ALICE.id, "room_added", b'{"type":"room_added"}')) == 2
    assert people.tell(Personal(PersonId(UUID(int=99)), "room_added", b"{}")) == 0

    assert alice.heard() == phone.heard() == ["room_added"]
    assert bob.heard() == []


def test_an_answer_goes_to_who_waits_for_it_once() -> None:
    people = People()
    alice = FakeClient()
    people.add(alice, max_of_person=9)
    alice.session.duties.pending.open("x")
    ack = b'{"type":"ack","ref":"x"}'

    for connection in ("c-1", "c-1", "c-9"):
        people.answer(Answer(ConnectionId(connection), "x", ack))

    assert alice.heard() == ["ack"]


def test_a_bot_without_session_is_found_like_everybody() -> None:
    people = People()
    bot = FakeClient(belongs_to_session=False)
    people.add(bot, max_of_person=9)
    assert people.of_person(ALICE.id) == [bot]

    people.remove(bot)

    assert people.of_person(ALICE.id) == []


def test_who_is_told_of_a_new_room_is_a_member_where_they_listen() -> None:
    people, alice = People(), FakeClient()
    alice.listen_to(standing(role=None))
    people.add(alice, max_of_person=9)

    people.tell(Personal(ALICE.id, "room_added", b"{}", LOBBY))

    assert alice.session.duties.places.attached[LOBBY].role is not None


def test_who_listens_over_http_neither_counts_nor_is_ended_for_others() -> None:
    people = People()
    socket, poll, other = FakeClient(), FakeClient(name="p"), FakeClient(name="c-2")

    replaced = [
        people.add(poll, max_of_person=None),
        people.add(socket, max_of_person=1),
        people.add(poll, max_of_person=None),
        people.add(other, max_of_person=1),
    ]

    assert replaced == [None, None, None, socket]


def test_of_two_with_one_id_either_may_go_first() -> None:
    for first, second in ((0, 1), (1, 0)):
        people = People()
        polls = [FakeClient(name="p"), FakeClient(name="p")]
        for poll in polls:
            people.add(poll, max_of_person=None)
        assert people.connection(ConnectionId("p")) is polls[1]

        people.remove(polls[first])
        assert people.of_person(ALICE.id) == [polls[second]]
        people.remove(polls[second])

        assert people.of_session(SessionId(ALICE.id)) == []
        assert len(people) == 0
