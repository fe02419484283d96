"""Every generated file for BI tools and its text, for `bassetlaw sync`."""

from __future__ import annotations

from pathlib import Path

from bassetlaw_pipeline.bi import powerbi, superset, tableau
from bassetlaw_pipeline.publication.outputs import dictionary_page
from bassetlaw_pipeline.settings import PROJECT_DIR

FOLDER = PROJECT_DIR / "bi"


def outputs() -> dict[Path, str]:
    """The page of the published tables, and the files of every tool."""
    tools = {"superset": superset, "powerbi": powerbi, "tableau": tableau}
    files = [tool.outputs(FOLDER / name) for name, tool in tools.items()]
    return dictionary_page.outputs() | {path: text for found in files for path, text in found.items()}
