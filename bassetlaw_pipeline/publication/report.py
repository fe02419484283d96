"""The board's page: one self-contained HTML file made from the published tables only.

Belongs here: reading outcomes.duckdb of a release and filling the template. Does not belong here:
any number that is not in the published file; the page can therefore disclose nothing more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def write_report(outcomes: Path, manifest: dict[str, Any], folder: Path) -> None:
    """Write `<folder>/index.html` for the release in `outcomes`."""
    folder.mkdir(parents=True)
