"""One small sample, landed, built and published once, for all tests that look at the result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.planning import PipelineResult
from bassetlaw_pipeline.settings import Settings

SAMPLE = {"seed": 7, "people": 6000, "start": "2017-10", "end": "2019-03"}


@dataclass(frozen=True)
class Built:
    """A data home after `bassetlaw sample` and `bassetlaw run`."""

    settings: Settings
    truth: dict[str, Any]
    result: PipelineResult

    def query(self, sql: str) -> list[tuple]:
        """Rows from the published file."""
        with duckdb.connect(str(self.settings.home.outcomes), read_only=True) as con:
            return con.execute(sql).fetchall()

    @property
    def ledger(self) -> Ledger:
        """Receipts of the home, as they are now."""
        return Ledger(self.settings.home)

    @property
    def accepted(self) -> Path:
        """The accepted deliveries."""
        return self.settings.home.accepted

    @cached_property
    def warehouse(self) -> duckdb.DuckDBPyConnection:
        """The private warehouse as it was first built, whatever a later test makes of the home.

        Opened under a name of its own: one process may open one path in one way only, and a later build opens
        the warehouse in its own.
        """
        kept = self.settings.home.warehouse.with_name("kept.duckdb")
        kept.hardlink_to(self.settings.home.warehouse)
        return duckdb.connect(str(kept), read_only=True)


def build(root: Path) -> Iterator[Built]:
    """Write the sample into a new home and run the pipeline on it."""
    from bassetlaw_sample import generate

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BASSETLAW_HOME", str(root))
        environment.delenv("BASSETLAW_PSEUDONYM_KEY", raising=False)
        settings = Settings()
        generate(settings.home.landing, settings=settings, **SAMPLE)
        result = run_pipeline(settings)
        truth = json.loads((root / "truth.json").read_text(encoding="utf-8"))
        built = Built(settings, truth, result)
        assert built.warehouse  # opened now, and so kept
        yield built
