"""Release notes in plain words: notes.md in every release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bassetlaw_pipeline.disclosure.difference import FEW, HELD
from bassetlaw_pipeline.publication.comparison.diff import Change, Comparison, IndicatorDiff

CAUSE_WORDS = {
    "method": "calculated in another way",
    "boundary": "areas drawn in another way",
    "correction": "an error put right",
    "resubmission": "months sent again by a partner",
    "late_rows": "rows that came late",
    "unexplained": "no cause found: please report it",
}
_KINDS = {
    "major": "Major: a method, table or column changed. Check saved queries and compare series with care.",
    "minor": "Minor: data were added. Saved queries work as before.",
    "patch": "Patch: figures were put right; nothing was added.",
}


def render_notes(manifest: Mapping[str, Any], comparison: Comparison) -> str:
    """The notes as Markdown."""
    return "\n".join(_lines(manifest, comparison)) + "\n"


def _lines(manifest: Mapping[str, Any], comparison: Comparison) -> Iterator[str]:
    yield f"# Release {manifest['data_version']}"
    yield ""
    if manifest["is_synthetic"]:
        yield "**Synthetic data: every person behind these figures is invented.**"
        yield ""
    known = f"{datetime.fromisoformat(manifest['as_of']):%d %B %Y}" if manifest["as_of"] else "an unknown day"
    yield f"Release {manifest['release_id']}, data as known on {known}."
    if comparison.previous:
        yield f"Compared with release {comparison.previous_version} ({comparison.previous})."
    yield ""
    if comparison.previous and (comparison.changes or comparison.level != "patch"):
        yield _KINDS[comparison.level]
    yield from (f"* {reason.words}" for reason in comparison.reasons)
    yield from _restated(comparison)
    yield from _held(comparison)
    yield from _new(comparison)
    yield from _made_from(manifest)
    yield from _open(manifest)


def _restated(comparison: Comparison) -> Iterator[str]:
    restated = [i for i in comparison.indicators if i.restated] if comparison.previous else []
    if not restated:
        return
    yield "\n## Figures that changed\n"
    yield "| indicator | figures | why | largest change |"
    yield "|---|--:|---|---|"
    for indicator in restated:
        why = ", ".join(f"{CAUSE_WORDS[cause]} ({n:,})" for cause, n in indicator.causes.items())
        yield f"| {indicator.title} | {indicator.restated:,} | {why} | {_largest(indicator)} |"
    yield "\nEvery one of them stands in `fct_restatement`, with the value before and after."


def _held(comparison: Comparison) -> Iterator[str]:
    if comparison.held:
        yield f"\n{comparison.held:,} figures stay as they were published: {HELD}. Beside them the corrected"
        yield f"ones would count 1 to {FEW} people. Their `status_reason` says so."


def _largest(indicator: IndicatorDiff) -> str:
    return f"{in_words(indicator.largest)}" if indicator.largest else "only statuses or limits"


def in_words(change: Change) -> str:
    """One change as a sentence fragment: `E05006394, 2019-20 Q3: 56.2 to 56.9 (+0.7)`."""
    where = ", ".join(filter(None, (change.key["area_code"], change.period_label)))
    before, after = (_figure(side["value"], side["status"]) for side in (change.old, change.new))
    return f"{where}: {before} to {after}{_size(change.by)}"


def _size(by: float | None) -> str:
    """The change in brackets; one too small for a decimal place is not shown as nought."""
    if by is None:
        return ""
    return f" ({by:+,.1f})" if abs(by) >= 0.05 else f" ({by:+.1g})"


def _figure(value: float | None, status: str) -> str:
    return f"{value:,.1f}" if value is not None else status.replace("_", " ")


def _new(comparison: Comparison) -> Iterator[str]:
    new = [i for i in comparison.indicators if i.new_figures] if comparison.previous else []
    if new:
        yield "\n## New figures\n"
    for indicator in new:
        newest = f", newest period {indicator.newest_period}" if indicator.newest_period else ""
        yield f"* {indicator.title}: {indicator.new_figures:,}{newest}"
    if comparison.previous and comparison.deliveries:
        by_extract = Counter(sent.extract for sent in comparison.deliveries)
        yield "\n## New deliveries\n"
        yield from (f"* {extract}: {n:,}" for extract, n in sorted(by_extract.items()))


def _made_from(manifest: Mapping[str, Any]) -> Iterator[str]:
    verdicts = Counter(d["verdict"] for d in manifest["deliveries"])
    failed = ", ".join(sorted({c["code"] for c in manifest["checks"] if not c["success"]})) or "none"
    yield "\n## What it was made from\n"
    yield f"* {len(manifest['deliveries']):,} deliveries, {verdicts['rejected']:,} rejected: `fct_delivery`"
    yield f"* {len(manifest['checks']):,} checks of the published tables, failed: {failed}"
    corrections = ", ".join(f"{c['id']} ({c['action']}, {c['rows']:,} rows)" for c in manifest["corrections"])
    yield f"* corrections of known errors: {corrections or 'none'}"
    yield f"* pipeline {manifest['code_version']}, code {manifest['code_sha256'][:12]}"
    yield "* hashes of every file, table and definition: `manifest.json`"


def _open(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Open it\n"
    yield f"This release stays in `published/releases/{manifest['release_id']}/` for good:"
    yield f"`duckdb -readonly published/releases/{manifest['release_id']}/outcomes.duckdb 'from scorecard'`"
    yield f"\n{manifest['licence']}"
