"""What dbt knows of the annotations: one seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from bassetlaw_pipeline.annotations.register import Annotation, Effect, load_annotations
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.indicators.registry import load_registry
from bassetlaw_pipeline.settings import DBT_DIR

SEED = DBT_DIR / "seeds" / "registry" / "annotation.csv"


def outputs(contracts: Mapping[str, Contract]) -> dict[Path, str]:
    """Every file of the dbt project that follows from the annotations, and its text."""
    return {SEED: annotation_csv(load_annotations(load_registry(), contracts))}


def annotation_csv(annotations: Iterable[Annotation]) -> str:
    """The annotations as a dbt seed; an empty cell is NULL, several values in one cell are joined by `|`."""
    rows = [_row(annotation) for annotation in annotations]
    text = io.StringIO()
    names = _COLUMNS + list(get_args(Effect))
    writer = csv.DictWriter(text, fieldnames=names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


_COLUMNS = [
    "annotation_id", "title", "words", "starts_on", "ends_on",
    "objectives", "indicators", "extracts", "leaves_out", "areas", "source",
]  # fmt: skip


def _row(annotation: Annotation) -> dict[str, Any]:
    scope = annotation.applies_to
    lists = {name: "|".join(getattr(scope, name)) for name in ("objectives", "indicators", "extracts")}
    effects = {name: str(name in annotation.effects).lower() for name in get_args(Effect)}
    return (
        lists
        | effects
        | {
            "annotation_id": annotation.id,
            "title": annotation.title,
            "words": annotation.words,
            "starts_on": annotation.starts_on,
            "ends_on": annotation.ends_on,
            "leaves_out": "|".join(scope.leaves_out),
            "areas": "|".join(annotation.areas),
            "source": annotation.source,
        }
    )
