"""Lets a process of a fleet run from another tree, if a test has ordered that.

Python imports this before the program when its folder is first on PYTHONPATH. An order is a link to
the tree, in the folder named by `HUBBUB_TREES`, that is called like the internal port of the
process: so it counts from the next start on. Who has followed it notes that beside it. Nothing in
the program itself knows of all this.
"""

import os
import sys
from pathlib import Path

if (orders := os.environ.get("HUBBUB_TREES")) is not None:
    for name, value in os.environ.items():
        order = Path(orders) / value
        if name.endswith("_INTERNAL_PORT") and order.is_symlink():
            sys.path.insert(0, str(order.resolve()))
            order.with_suffix(".followed").write_text(str(os.getpid()))
