"""What the terminal shows of an explanation."""

from __future__ import annotations

from typing import Any

from bassetlaw_pipeline.cli.render.terminal import VERDICT_WORDS, line, print_json
from bassetlaw_pipeline.explain import Explanation

_MEANING = (
    "plan_wording",
    "definition",
    "numerator_definition",
    "denominator_definition",
    "method",
    "unit",
)


def explanation(found: Explanation, *, as_json: bool) -> None:
    """A number's definition, value, rules, files and corrections, and the SQL that counts it."""
    if as_json:
        print_json(found)
        return
    indicator = found.indicator
    title = indicator.get("value_title") or indicator["title"]  # a figure of a place, never of the gap
    line(f"{title}  ({indicator['indicator_id']}, release {found.release_id})")
    for name in _MEANING:
        line(f"  {name.replace('_', ' ')}: {indicator.get(name) or '-'}")
    for value in found.values:
        _value(value)
    _corrections(found)
    _code(found)
    line(f"Deliveries behind it: {len(found.deliveries)}")
    for delivery in found.deliveries:
        _delivery(delivery)
    line(f"SQL: {found.model}, reads {', '.join(found.tables) or 'no extract directly'}")
    for text in found.sql.splitlines():
        line(f"  | {text}")


def _value(value: dict[str, Any]) -> None:
    line(f"{value['area_name']} ({value['area_code']}), {_who(value)}: {value['value_status']}")
    if value["value"] is not None:
        counts = f"{_number(value['numerator'])} / {_number(value['denominator'])}"
        interval = f"{_number(value['ci95_lower'])} to {_number(value['ci95_upper'])}"
        figure = value.get("value_text") or _number(value["value"])  # older releases have no text
        line(f"  {counts} -> {figure} (95% CI {interval})")
    if value.get("status_reason"):
        line(f"  {value['status_reason']}")
    line(f"  disclosure: {value['disclosure']}")
    if value.get("provisional"):
        line("  provisional: the newest months may still change")
    line(f"  comparability: {(value.get('comparability') or '-').replace('_', ' ')}")
    if value.get("confidence_reasons"):
        line(f"  confidence {value['confidence_grade']}: {value['confidence_reasons']}")
    _held_back(value["held_back"])


def _who(value: dict[str, Any]) -> str:
    """The period, and the part of the people where it is not everybody."""
    sex = "" if value["sex"] == "persons" else f", {value['sex']}"
    return f"{value['period_label']}{sex}" + ("" if value["age_band"] == "all" else f", {value['age_band']}")


def _held_back(missed: Any) -> None:
    for extract, reasons in missed.by_reason.items():
        codes = ", ".join(f"{code} {rows:,}" for code, rows in reasons.items())
        line(f"  set aside in {extract}: {codes}")
    line(f"  {missed.statement}")


def _corrections(found: Explanation) -> None:
    line(f"Corrections of known errors: {len(found.corrections) or 'none'}")
    for c in found.corrections:
        line(f"  {c['correction_id']}: {c['action']} of {c['rows_affected']:,} rows of {c['extract']}")
        line(f"    {c['reason']} ({c['status']}, told to {c['reported_to']} on {c['reported_on']})")


def _code(found: Explanation) -> None:
    contracts = ", ".join(f"{extract} {version}" for extract, version in found.code["contracts"].items())
    line(f"Code: {found.code['version']}, {(found.code['sha256'] or '-')[:12]}; data as of {found.as_of}")
    line(f"Contracts: {contracts or '-'}")


def _delivery(delivery: dict[str, Any]) -> None:
    use = {True: "", False: ", not in use", None: ""}[delivery["in_use"]]
    line(
        f"  {delivery['received_at']:%Y-%m-%d} {delivery['file_name']}  sha256 {delivery['sha256'][:12]}  "
        f"{VERDICT_WORDS[delivery['verdict']]}{use}, {delivery['accepted']:,} rows accepted, "
        f"{delivery['quarantined']:,} quarantined (contract {delivery['contract_version']})"
    )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
