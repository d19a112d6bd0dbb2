"""A row of the table of faults sums up its runs, and hides nothing that went wrong in one."""

from tests.chaos.checker import Verdict
from tests.chaos.split import Blow, Outcome
from tests.chaos.table import COLUMNS, Row


def outcome(*, lost: tuple[str, ...] = (), wait_s: float = 1.0) -> Outcome:
    verdict = Verdict(sent=10, acked=9, lost=lost, doubled=(), holes=(), ghosts=(), altered=())
    return Outcome(verdict, (Blow("kill auth", wait_s),), heard_s=0.5)


def cells(row: Row) -> dict[str, str]:
    return dict(zip(COLUMNS[:8], row.cells()[:8], strict=True))


def test_runs_are_summed_up() -> None:
    row = Row("kill auth", [outcome(wait_s=wait_s) for wait_s in (1.0, 2.0, 9.0)])

    assert row.is_clean
    assert row.breaches() == []
    assert cells(row) == {
        "fault": "kill auth",
        "runs": "3",
        "stuck": "0",
        "sent": "30",
        "acknowledged": "27",
        "lost": "0",
        "doubled": "0",
        "holes": "0",
    }
    assert row.cells()[-4:] == ["2.0", "9.0", "0.5", "0.5"]


def test_one_breach_in_one_run_is_counted_and_told() -> None:
    row = Row("kill auth", [outcome(), outcome(lost=("m-1",))])

    assert not row.is_clean
    assert cells(row)["lost"] == "1"
    assert row.breaches() == ["lost: m-1"]


def test_a_run_that_did_not_come_back_is_no_clean_run() -> None:
    row = Row("kill auth", [outcome()], ["seed 2: TimeoutError()"])

    assert not row.is_clean
    assert (cells(row)["runs"], cells(row)["stuck"]) == ("2", "1")
    assert row.breaches() == ["stuck: seed 2: TimeoutError()"]


def test_a_fault_that_never_came_back_has_no_times() -> None:
    row = Row("kill auth", [], ["seed 1: TimeoutError()"])

    assert len(row.cells()) == len(COLUMNS)
    assert row.cells()[-4:] == ["", "", "", ""]
