"""The page for whoever opens the link of a copy once more, in a browser: words in place of JSON."""

import base64
import hashlib
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.auth.store.exports import ExportNotFound

STYLE: Final = """
  :root { color-scheme: light dark }
  body { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem; font: 1rem/1.6 system-ui }
  h1 { font-size: 1.5rem; line-height: 1.3 }
"""

PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This link was used</title>
<style>{STYLE}</style>
</head>
<body>
<h1>This link was used, or its time is over</h1>
<p>The link of a copy of your data is good once, and not for ever.
As long as the copy is there, <a href="/settings/data">Your data</a> in your settings has a new link
to it. There you can have another copy made, too.</p>
</body>
</html>
"""


def is_for_reading(request: Request) -> bool:
    """Tell whether the answer is opened as a page, as browsers do with a link."""
    return "text/html" in request.headers.get("accept", "")


def page() -> HTMLResponse:
    """Return the page. It may use its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    return HTMLResponse(
        PAGE, status_code=ExportNotFound.status, headers={"content-security-policy": policy}
    )
