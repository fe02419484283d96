"""Every generated file for BI tools and its text, for `bassetlaw sync`.

Belongs here: which tools are served and where their files lie. Does not belong here: the texts.
"""

from __future__ import annotations

from pathlib import Path

from bassetlaw_pipeline.bi import powerbi, superset, tableau
from bassetlaw_pipeline.publication import dictionary_page
from bassetlaw_pipeline.settings import PROJECT_DIR

FOLDER = PROJECT_DIR / "bi"


def outputs() -> dict[Path, str]:
    """The page of the published tables, and the files of every tool."""
    tools = {"superset": superset, "powerbi": powerbi, "tableau": tableau}
    files = [tool.outputs(FOLDER / name) for name, tool in tools.items()]
    return dictionary_page.outputs() | {path: text for found in files for path, text in found.items()}
