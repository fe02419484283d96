"""Fixtures every test may use: a data home of its own, and the reference material where it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("BASSETLAW_SETTLE_SECONDS", "0")  # tests write whole files

SHARED = Path(__file__).resolve().parents[2] / "shared"
SHARE_A_HOME = ("end_to_end", "recompute")  # folders of the tests that take `built`
SLOWEST_FIRST = (*SHARE_A_HOME, "pipeline", "dbt", "bi", "reference", "conventions", "unit")
TEST_KEY = "0" * 63 + "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no core waits for it in the end."""
    place = {folder: number for number, folder in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """On several cores the tests of a folder go together, of the quick ones each file.

    So what they share is made once. (The group marks of pytest-xdist 3.8 have no effect under pytest 9.2.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            folder = Path(file).parent.name
            return "built" if folder in SHARE_A_HOME else file if folder == "unit" else folder

    return ByFolder(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference material beside the project; the product itself needs none of it."""
    if not SHARED.is_dir():
        pytest.skip("the reference material is not here")
    return SHARED


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory):
    """The small sample, landed, built and published once."""
    from built_home import build

    yield from build(tmp_path_factory.mktemp("built") / "home")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Settings of an empty data home with a known pseudonym key."""
    from bassetlaw_pipeline.settings import Settings

    monkeypatch.setenv("BASSETLAW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", TEST_KEY)
    return Settings()
