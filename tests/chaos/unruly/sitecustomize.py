"""Makes the bus unruly on its way into a gateway, as a test has ordered.

Python imports this before the program when its folder is first on PYTHONPATH. Nothing in the
program itself knows of it. See: `tests.chaos.unruly.order`.
"""

import os
import sys
from pathlib import Path

from tests.chaos.unruly.order import VARIABLE

if sys.orig_argv[-2:] == ["run", "gateway"]:
    from tests.chaos.unruly.stretch import put_before_inboxes

    put_before_inboxes(Path(os.environ[VARIABLE]))
