"""What a release was calculated with: one hash per indicator, per reference table and for what all share."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from bassetlaw_pipeline import meaning
from bassetlaw_pipeline.indicators.registry import load_registry
from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR

_INTAKE = PROJECT_DIR / "bassetlaw_pipeline" / "intake"
_DISCLOSURE = PROJECT_DIR / "bassetlaw_pipeline" / "disclosure"
# Generated from the registry, the contracts and the corrections: a change of theirs is told one by one.
_GENERATED = (
    "macros/indicators/",
    "macros/intake/contract_facts.sql",
    "macros/intake/registered_corrections.sql",
    "models/indicators/",
    "models/marts/",
)


@lru_cache(maxsize=1)
def calculation() -> dict[str, Any]:
    """`methods` by indicator, `reference_data` by seed, and `shared_sha256` of the code all figures share."""
    models = {path.stem.removeprefix("ind_"): path for path in DBT_DIR.glob("models/indicators/**/ind_*.sql")}
    seeds = sorted(DBT_DIR.glob("seeds/*/*.csv"))
    return {
        "methods": {
            name: meaning.sha256([models[name]] if name in models else [], entry.model_dump_json())
            for name, entry in load_registry().items()
        },
        "reference_data": {p.stem: meaning.sha256([p]) for p in seeds if p.parent.name != "registry"},
        "shared_sha256": meaning.sha256(_shared()),
    }


def _shared() -> list[Path]:
    """SQL outside indicators and marts, and the code that reads partners' files and chooses what to hide."""
    sql = [p for folder in ("models", "macros") for p in DBT_DIR.glob(f"{folder}/**/*.sql")]
    own = [p for p in sql if not p.relative_to(DBT_DIR).as_posix().startswith(_GENERATED)]
    return sorted(own) + sorted(_INTAKE.rglob("*.py")) + sorted(_DISCLOSURE.rglob("*.py"))
