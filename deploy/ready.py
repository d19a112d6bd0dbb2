"""The health check of a service's container: `python ready.py 9083` asks that internal port.

It exits with 0 when the service is ready; an answer that says otherwise, or none, is an error.
"""

import sys
from typing import Final
from urllib.request import urlopen

TIMEOUT_S: Final = 3.0

with urlopen(f"http://127.0.0.1:{int(sys.argv[1])}/readyz", timeout=TIMEOUT_S):
    pass
