"""Fuzzes one target until it is told to stop: `python -m tests.fuzz.one TARGET AGAIN OPTION...`.

Needs atheris, which `make fuzz` installs apart. AGAIN is a program that does the same with other
options: libFuzzer starts it for each step of a merge. OPTION is one of libFuzzer's.
"""

import sys
from typing import Any

import atheris

INSTRUMENTED = ["services.gateway", "libs.common", "websockets", "uvicorn.protocols", "h11"]


def main(target: str, again: str, options: list[str]) -> None:
    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.targets import runner

        run: Any = runner(target)
    atheris.Setup([again, *options], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
