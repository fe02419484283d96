"""Fixtures of the orchestration tests: one small dbt project, one data home per test."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_pipeline


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project of two models."""
    return small_pipeline.write_project(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def small(settings, small_project, monkeypatch):
    """Settings of an empty data home of two invented partners."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    small_pipeline.install(monkeypatch, small_project)
    return type(settings)()
