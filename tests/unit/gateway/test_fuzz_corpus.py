"""What a fuzzer once found interesting, or broken, keeps the laws. See: `make fuzz`."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, kept, runner, seeds, words

LARGEST = 2_000


@pytest.mark.parametrize("target", TARGETS)
def test_every_kept_input_keeps_the_laws(target: str) -> None:
    run = runner(target)

    for path in kept(target):
        run(path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_every_seed_keeps_the_laws(target: str) -> None:
    run = runner(target)

    for data in seeds(target)[::7]:
        run(data)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_kept_is_little(target: str) -> None:
    sizes = [path.stat().st_size for path in kept(target)]

    assert 0 < len(sizes) <= 100
    assert max(sizes) <= LARGEST


def test_the_words_of_the_protocol_are_a_dictionary() -> None:
    assert '"\\"send_message\\""\n' in words()
    assert Path("docs").name not in words().splitlines()
