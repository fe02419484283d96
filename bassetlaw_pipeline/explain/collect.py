"""Everything about one published value in one place: meaning, SQL, counts, files, corrections, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.explain import published
from bassetlaw_pipeline.explain.disclosure import disclosure_rule
from bassetlaw_pipeline.explain.held_back import HeldBack, held_back
from bassetlaw_pipeline.explain.model import CountsModel, counts_model
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication.pointer import reading
from bassetlaw_pipeline.settings import DataHome


@dataclass(frozen=True)
class Explanation:
    """One indicator, its published values for an area and period, and what is behind them.

    values      rows of fct_indicator_value, each with `disclosure` (the rule in words) and `held_back`
    deliveries  received files that overlap the periods; `in_use` is None when the release does not say
    code        version and hash of the code that made the release, and its contracts
    """

    indicator: dict[str, Any]
    model: str
    sql: str
    values: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    code: dict[str, Any]
    release_id: str
    as_of: str | None = None
    tables: list[str] = field(default_factory=list)


def explain(
    home: DataHome,
    receipts: Sequence[Receipt],
    manifest: dict[str, Any],
    indicator: str,
    area: str | None,
    period: str | None,
) -> Explanation:
    """Explain an indicator, by default for the district and its newest period.

    Raises NothingToExplain when nothing is published or the indicator, area or period is not there.
    """
    file = reading(home)
    if file is None:
        raise published.NothingToExplain("Nothing is published yet. Run: bassetlaw run")
    with duckdb.connect(str(file), read_only=True) as con:
        definition = published.definition(con, indicator)
        values = published.values(con, indicator, area, period)
        behind = published.lineage(con, indicator, values)
        extracts = published.extracts_of(definition)
        corrections = published.corrections(con, extracts)
    model = counts_model(indicator, definition["method"])
    told = [_explanation(home, model, behind, value, definition) for value in values]
    return Explanation(
        indicator=definition,
        model=model.path,
        sql=model.sql,
        values=told,
        deliveries=_deliveries(receipts, extracts, values, behind, manifest.get("as_of")),
        corrections=corrections,
        code=_code(manifest, extracts),
        release_id=manifest.get("release_id", ""),
        as_of=manifest.get("as_of"),
        tables=sorted(" ".join(t).strip() for t in model.tables if t[0] in extracts),
    )


def _explanation(
    home: DataHome,
    model: CountsModel,
    behind: Mapping[str, Mapping[str, Any]],
    value: dict[str, Any],
    definition: Mapping[str, Any],
) -> dict[str, Any]:
    """A value with the rule that was applied to it, and the rows it went without."""
    if behind:
        used = [d for d in behind.values() if d["is_in_use"]]
        missed = held_back(home, load_contracts(), model, used, value, definition)
    else:
        missed = HeldBack(statement="This release does not say which deliveries were in use.")
    return value | {"disclosure": disclosure_rule(value), "held_back": missed}


def _deliveries(
    receipts: Sequence[Receipt],
    extracts: Sequence[str],
    values: Sequence[Mapping[str, Any]],
    behind: Mapping[str, Mapping[str, Any]],
    as_of: str | None,
) -> list[dict[str, Any]]:
    """Deliveries of the source extracts that overlap the periods shown, rejected ones included."""
    start = min(v["period_start"] for v in values)
    end = max(v["period_end"] for v in values)
    known = datetime.fromisoformat(as_of) if as_of else None
    return [
        _delivery(r, behind)
        for r in receipts
        if r.extract in extracts
        and (known is None or r.received_at <= known)
        and (r.stands or r.delivery_id in behind)
        and (r.delivery_id in behind or any(_within(p, start, end) for p in r.periods))
    ]


def _within(period: date, start: date, end: date) -> bool:
    return start <= period <= end


def _delivery(receipt: Receipt, behind: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    tables = receipt.tables.values()
    line = behind.get(receipt.delivery_id)
    return {
        "extract": receipt.extract,
        "partner": receipt.partner,
        "delivery_id": receipt.delivery_id,
        "file_name": receipt.file_name,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at,
        "contract_version": receipt.contract_version,
        "verdict": receipt.verdict,
        "in_use": line["is_in_use"] if line else (False if receipt.verdict == "rejected" else None),
        "accepted": sum(t.accepted for t in tables),
        "quarantined": sum(t.quarantined for t in tables),
    }


def _code(manifest: Mapping[str, Any], extracts: Sequence[str]) -> dict[str, Any]:
    contracts = manifest.get("contracts") or {}
    return {
        "version": manifest.get("code_version"),
        "sha256": manifest.get("code_sha256"),
        "contracts": {e: contracts[e] for e in extracts if e in contracts},
    }
