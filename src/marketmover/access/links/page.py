"""The page that a one-time link opens: it stands alone, and lets nothing but itself run."""

import base64
import hashlib
import re
from functools import cache
from importlib import resources


@cache
def page() -> tuple[str, str]:
    """The page, and the content security policy that lets its own script and style run, by their hashes."""
    html = resources.files("marketmover.access.links").joinpath("page.html").read_text(encoding="utf-8")
    script, style = _hash_of(html, "script"), _hash_of(html, "style")
    policy = (
        f"default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy


def _hash_of(html: str, tag: str) -> str:
    found = re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    text = "" if found is None else found[1]
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
