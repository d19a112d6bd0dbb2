"""Ports of tests: none is given twice while somebody may be about to use it."""

from tests.support.ports import RESERVED, free_port


def test_ports_that_are_given_one_after_the_other_differ() -> None:
    ports = [free_port() for _ in range(RESERVED)]

    assert len(set(ports)) == RESERVED
