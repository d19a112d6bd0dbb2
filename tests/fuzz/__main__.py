"""`make fuzz`: every target for its share of the time, then what came of it as a table.

What is found on the way stays in build/fuzz, and the next run goes on from there. What breaks a law
is written there as `crash-...`: put it into tests/fuzz/corpus/<target> when it is mended. With
`--keep` the smallest inputs that reach everything reached so far replace the corpus.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.fuzz.targets import CORPUS, TARGETS, kept, seeds, words

ROOT: Final = Path(__file__).parents[2]
ENGINE: Final = ROOT / ".tools/fuzz"
PLACE: Final = ROOT / "build/fuzz"

LONGEST: Final = 2_000
LONGEST_KEPT: Final = 600
MOST_KEPT: Final = 60
SLOW_S: Final = 10
MEMORY_MB: Final = 1_024

LAST: Final = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
GREW: Final = re.compile(r"rss: (\d+)Mb")


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=2)
    asked.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    asked.add_argument("--keep", action="store_true")
    options = asked.parse_args()
    seconds = max(1, round(60 * options.minutes / len(options.targets)))
    _say("| target | executions | per second | coverage | inputs | memory, MB | found |")
    _say("|---|---|---|---|---|---|---|")
    faults = [_fuzz(target, seconds) for target in options.targets]
    if options.keep:
        for target in options.targets:
            _keep(target)
    return int(any(faults))


def _fuzz(target: str, seconds: int) -> int:
    """Run one target, print its line, and return how many faults it found."""
    corpus = _prepare(target)
    ran = _run(
        target,
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOW_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-dict={PLACE / 'words.dict'}",
        f"-artifact_prefix={PLACE / target}-",
        str(corpus),
    )
    found = LAST.findall(ran.stderr)
    count, coverage, _, inputs = found[-1] if found else ("0",) * 4
    memory = [int(one) for one in GREW.findall(ran.stderr)] or [0]
    faults = 1 if ran.returncode else 0
    told = f"{memory[0]} to {memory[-1]}"
    rate = round(int(count) / seconds)
    _say(f"| {target} | {count} | {rate} | {coverage} | {inputs} | {told} | {faults} |")
    if faults:
        sys.stderr.write(ran.stderr[-4_000:])
    return faults


def _keep(target: str) -> None:
    """Replace what the repository keeps by the least that reaches as much."""
    least = PLACE / f"{target}.least"
    shutil.rmtree(least, ignore_errors=True)
    least.mkdir()
    _run(target, "-merge=1", f"-max_len={LONGEST_KEPT}", str(least), str(PLACE / target))
    shutil.rmtree(CORPUS / target, ignore_errors=True)
    (CORPUS / target).mkdir(parents=True)
    for path in sorted(least.iterdir(), key=lambda found: found.stat().st_size)[:MOST_KEPT]:
        _write(CORPUS / target, path.read_bytes())


def _prepare(target: str) -> Path:
    """Return the folder of its inputs, with what is known put into it."""
    corpus = PLACE / target
    corpus.mkdir(parents=True, exist_ok=True)
    (PLACE / "words.dict").write_text(words())
    for data in (*seeds(target), *(path.read_bytes() for path in kept(target))):
        _write(corpus, data)
    return corpus


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(folder: Path, data: bytes) -> None:
    (folder / sha256(data).hexdigest()[:16]).write_bytes(data)


def _run(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(ENGINE), os.environ.get("PYTHONPATH", "")))
    again = PLACE / f"{target}.again"
    command = [sys.executable, "-m", "tests.fuzz.one", target, str(again)]
    again.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    again.chmod(0o755)
    return subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
