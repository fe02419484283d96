"""Fixtures every test may use: a data home of its own, and the reference material where it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEST_KEY = "0" * 63 + "1"


@pytest.hookimpl(tryfirst=True)  # xdist reads the marks in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On several cores: the tests that look at the small sample go together, of the others each file."""
    for item in items:
        together = "built" if "built" in item.fixturenames else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(together))


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
