"""Lets a program be broken on purpose while it runs, to show that the runner would notice.

Python imports this before the program when its folder is first on PYTHONPATH. Nothing in the
program itself knows of it. See: `tests.system.conformance.broken.breaks`.
"""

import os
import sys
from pathlib import Path

from tests.system.conformance.broken.switch import VARIABLE, Switch

if sys.orig_argv[-2:] == ["services", "run"]:
    from tests.system.conformance.broken.breaks import put_in

    put_in(Switch(Path(os.environ[VARIABLE])))
