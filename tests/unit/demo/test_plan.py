"""Texts become acts: each at its moment, after what it is about, and nothing after the end."""

from datetime import UTC
from random import Random

from services.demo.acts import Act, Arrive, Delete, Edit, Enter, Open, React, Read, Say
from services.demo.people import read_people
from services.demo.plan import Planner, members_of
from services.demo.script import read_script
from tests.unit.demo.builders import MIDNIGHT

END = MIDNIGHT + 14 * 3_600

PEOPLE = read_people("""
[alice]
name = "Alice"
language = "en"
came = "9 days before, 08:00"
looked = "2 days before, 08:00"

[bob]
name = "Bob"
language = "en"
came = "9 days before, 08:30"
looked = "10 minutes before"

[station]
name = "Station"
language = "en"
came = "9 days before, 08:40"
looked = "10 minutes before"
is_machine = true
""")

HEAD = "title: Tea\nkind: public\nopens: 9 days before, 09:00\n\n"
TALK = """## 3 days before, 10:00
alice: Helo
  + 👋 bob
  = Hello
bob: Wrong room
  x
bob > alice: Hi!
"""


def acts(text: str, *, head: str = HEAD, seed: int = 1) -> list[Act]:
    planner = Planner(PEOPLE, end=END, zone=UTC, chance=Random(seed))
    return planner.acts([read_script("tea", head + text)], {})


def of(kind: type, all_: list[Act]) -> list[Act]:
    return [act for act in all_ if type(act) is kind]


def test_the_same_seed_gives_the_same_acts_and_another_other_moments() -> None:
    assert acts(TALK) == acts(TALK)
    assert acts(TALK) != acts(TALK, seed=2)


def test_people_arrive_before_the_room_is_made_and_come_in_before_they_speak() -> None:
    kinds = [type(act) for act in acts(TALK)]

    assert kinds.index(Arrive) < kinds.index(Open) < kinds.index(Enter) < kinds.index(Say)


def test_writing_takes_its_time_and_begins_with_the_scene() -> None:
    moments = [act.at for act in of(Say, acts(TALK))]

    assert MIDNIGHT - 3 * 86_400 + 36_000 < moments[0] < moments[1] < moments[2]
    assert moments[2] - moments[0] < 300


def test_what_is_about_a_message_follows_it() -> None:
    done = acts(TALK)
    said = {act.place: act.at for act in done if isinstance(act, Say)}
    about = [act for act in done if isinstance(act, React | Edit | Delete)]

    assert [type(act) for act in about].count(React) == 1
    assert len(about) == 3
    assert all(act.at > said[act.place] for act in about)


def test_a_scene_just_before_the_end_is_told_faster() -> None:
    done = acts("## 1 minute before\n" + "alice: A long sentence about tea and cake.\n" * 30)

    assert max(act.at for act in done) <= END


def test_everybody_reads_when_they_look_or_speak_whichever_is_later() -> None:
    read = {act.who: act.at for act in acts(TALK) if isinstance(act, Read)}
    spoken = acts(f"{TALK}\n## 30 minutes before\nalice: I am back\n")
    later = {act.who: act.at for act in spoken if isinstance(act, Read)}

    assert read["alice"] == MIDNIGHT - 2 * 86_400 + 8 * 3_600
    assert read["bob"] == END - 600
    assert END - 1_800 < later["alice"] <= END


def test_a_room_of_everybody_has_no_machines_in_it() -> None:
    assert members_of(read_script("tea", HEAD), PEOPLE) == ("alice", "bob")


def test_the_members_of_a_private_room_are_in_it_from_the_start() -> None:
    head = HEAD.replace("public", "private").replace("\n\n", "\nmembers: bob, alice\n\n")
    done = acts("", head=head)

    assert of(Open, done) == [Open(done[3].at, "bob", "tea", ("bob", "alice"))]
    assert of(Enter, done) == []
