"""What Dagster is told about an extract and its deliveries: descriptions, counts, check results.

Every number is a count and every text is a code, a column name or the contract's own wording: no value of
any row comes here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from bassetlaw_pipeline.contracts.model import Contract, Expectation
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.months import months_of
from bassetlaw_pipeline.quality.result import CheckResult

ACCEPTED, QUARANTINE = "accepted", "no_rows_quarantined"
_SEVERITY = {
    "critical": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
    "info": dg.AssetCheckSeverity.WARN,
}
_TOP = 8
_MOST_NAMED = 20
_LONG_NUMBER = re.compile(r"\d(?:[ _.-]?\d){8,}")
_LINEAGE_WORDS = "lineage of the row: delivery, file, record number, contract"


def description(contract: Contract, partner: str) -> str:
    """Shown on the asset's page: what it is, what for, what it cannot tell."""
    lines = [f"**{contract.title}**, from {partner}.", contract.purpose]
    lines += [f"*Used for:* {contract.usage}"] if contract.usage else []
    lines += [f"*Limits:* {contract.limitations}"] if contract.limitations else []
    lines += [f"*Expected* every {contract.cadence}, within {contract.expected_within_days} days."]
    return "\n\n".join(lines)


def definition_metadata(contract: Contract) -> dict[str, Any]:
    """Schema of the accepted rows and where the promise is written down."""
    return {
        "dagster/column_schema": _schema(contract),
        "contract": f"expectations/contracts/{contract.partner}__{contract.id}.odcs.yaml",
        "contract version": contract.version,
        "resubmission": f"{contract.resubmission.mode} by {', '.join(contract.resubmission.by)}",
        **({"standard": contract.standard} if contract.standard else {}),
        **({"licence": contract.licence} if contract.licence else {}),
    }


def _schema(contract: Contract) -> dg.TableSchema:
    described = {c.lands_as: c for c in contract.main.columns if c.lands_as}
    landed = contract.main.landed.items()
    return dg.TableSchema(columns=[_column(name, kind, described) for name, kind in landed])


def _column(name: str, kind: str, described: dict[str, Any]) -> dg.TableColumn:
    column = described.get(name)
    if column is None:
        return dg.TableColumn(name, kind, description=_LINEAGE_WORDS)
    text = (column.transform.becomes_description if column.transform else None) or column.description
    required = dg.TableColumnConstraints(nullable=not column.required)
    return dg.TableColumn(name, kind, description=text, constraints=required)


def check_name(code: str) -> str:
    """A reason or rule code as a check name."""
    return re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")


def check_specs(contract: Contract, key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """`accepted`, `no_rows_quarantined`, and one check for each Great Expectations rule of the contract."""
    fixed = [
        dg.AssetCheckSpec(ACCEPTED, asset=key, description="No rejected file waits for a corrected one."),
        dg.AssetCheckSpec(QUARANTINE, asset=key, description="No row of the last deliveries was set aside."),
    ]
    return fixed + [
        dg.AssetCheckSpec(name, asset=key, description=_rule_words(rules), metadata={"rule": rules[0].type})
        for name, rules in _rules(contract).items()
    ]


def _rules(contract: Contract) -> dict[str, list[Expectation]]:
    rules: dict[str, list[Expectation]] = defaultdict(list)
    for table in contract.tables:
        for rule in table.expectations:
            rules[check_name(rule.code)].append(rule)
    return rules


def _rule_words(rules: Sequence[Expectation]) -> str:
    return "; ".join(dict.fromkeys(f"{rule.description} ({rule.severity})" for rule in rules))


def verdicts(receipts: Sequence[Receipt]) -> dict[str, int]:
    """Deliveries by verdict."""
    return dict(sorted(Counter(r.verdict for r in receipts).items()))


def materialization(contract: Contract, month: str, deliveries: Sequence[Receipt]) -> dg.AssetMaterialization:
    """One month is there: the counts of the deliveries that cover it."""
    return dg.AssetMaterialization(
        asset_key=dg.AssetKey(contract.asset_key),
        partition=month,
        description=f"{len(deliveries)} accepted delivery(ies) cover this month",
        metadata=counts(deliveries) | {"newest delivery": max(r.delivery_id for r in deliveries)},
    )


def counts(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Row conservation, verdicts and top reasons of some deliveries, all tables together."""
    tables = [table for receipt in receipts for table in receipt.tables.values()]
    return {
        "dagster/row_count": sum(t.accepted for t in tables),
        "deliveries": len(receipts),
        "rows in": sum(t.rows_in for t in tables),
        "rows accepted": sum(t.accepted for t in tables),
        "rows quarantined": sum(t.quarantined for t in tables),
        "rows not data": sum(sum(t.non_data.values()) for t in tables),
        "verdicts": _words(verdicts(receipts)),
        "top reasons": _words(top_reasons(receipts)),
    }


def top_reasons(receipts: Sequence[Receipt]) -> dict[str, int]:
    """The most frequent reason codes with the number of rows (or files) they touch."""
    reasons: Counter[str] = Counter()
    for receipt in receipts:
        for finding in receipt.findings:
            reasons[finding.code] += finding.count
    return dict(reasons.most_common(_TOP))


def check_results(
    contract: Contract, key: dg.AssetKey, receipts: Sequence[Receipt], ledger: Sequence[Receipt]
) -> Iterator[dg.AssetCheckResult]:
    """Check results after one landing run, of the deliveries it accepted.

    A run that accepted nothing repeats what holds for the deliveries in the ledger, because Dagster
    would otherwise show its checks as skipped. None before the first delivery.
    """
    if not ledger:
        return
    ledger = [r for r in ledger if r.stands]
    yield _accepted(key, ledger)
    accepted = [r for r in receipts if r.verdict != "rejected"] or [r for r in ledger if r.counts]
    yield _quarantine(key, accepted)
    by_name: dict[str, list[CheckResult]] = defaultdict(list)
    for receipt in accepted:
        for check in receipt.checks:
            by_name[check_name(check.code)].append(check)
    for name, rules in _rules(contract).items():
        if by_name[name]:
            yield _rule_result(name, key, rules[0], by_name[name])


def rejections(contract: Contract, receipts: Sequence[Receipt]) -> Iterator[dg.AssetObservation]:
    """One event for each month that a rejected file was for."""
    for receipt in receipts:
        for month in months_of(contract, receipt):
            yield dg.AssetObservation(
                asset_key=dg.AssetKey(contract.asset_key),
                partition=month,
                description="A file for this month was rejected",
                metadata={
                    "reasons": _words(top_reasons([receipt])),
                    "receipt": f"bassetlaw receipt {receipt.delivery_id}",
                },
            )


def recognised(key: dg.AssetKey, name: str, receipts: Sequence[Receipt]) -> dg.AssetCheckResult:
    """Whether files lie in landing that no contract fits."""
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=key,
        passed=not receipts,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=unfit(receipts),
    )


def unfit(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Files no contract fits: whose they are, what they are called, and their receipts."""
    named = [
        f"- {r.partner}/{shown_name(r.file_name)}: `bassetlaw receipt {r.delivery_id}`" for r in receipts
    ]
    more = [f"- and {len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return {
        "files": len(receipts),
        "names": dg.MetadataValue.md("\n".join(named[:_MOST_NAMED] + more) or "none"),
    }


def shown_name(file_name: str) -> str:
    """A file's name without what may identify a person: runs of digits longer than a date are left out."""
    stem, dot, suffix = file_name.rpartition(".")
    shown = _LONG_NUMBER.sub("…", stem or suffix)
    return f"{shown}{dot}{suffix}" if stem else shown


def waiting_for_correction(ledger: Sequence[Receipt]) -> list[Receipt]:
    """Rejected deliveries that no later accepted one makes good, by file name or by period."""
    accepted = [r for r in ledger if r.verdict != "rejected"]
    return [
        bad
        for bad in ledger
        if bad.verdict == "rejected"
        and not any(
            good.received_at >= bad.received_at
            and (good.file_name == bad.file_name or set(good.periods) & set(bad.periods))
            for good in accepted
        )
    ]


def _accepted(key: dg.AssetKey, ledger: Sequence[Receipt]) -> dg.AssetCheckResult:
    rejected = waiting_for_correction(ledger)
    return dg.AssetCheckResult(
        check_name=ACCEPTED,
        asset_key=key,
        passed=not rejected,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "rejected files": len(rejected),
            "reasons": _words(top_reasons(rejected)),
            "receipts": ", ".join(r.delivery_id for r in rejected[:_TOP]) or "none",
            "proposals": dg.MetadataValue.md("\n".join(_proposals(rejected)) or "none"),
            "all deliveries so far": _words(verdicts(ledger)),
        },
    )


def _proposals(rejected: Sequence[Receipt]) -> Iterator[str]:
    """What would take a rejected file whose layout changed, as its receipt says it."""
    for receipt in [r for r in rejected if r.proposal][:_TOP]:
        command = f"bassetlaw contract propose FILE --contract {receipt.extract}"
        yield f"- {receipt.delivery_id}: {receipt.proposal} `{command}`"


def _words(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in numbers.items()) or "none"


def _quarantine(key: dg.AssetKey, receipts: Sequence[Receipt]) -> dg.AssetCheckResult:
    found = counts(receipts)
    return dg.AssetCheckResult(
        check_name=QUARANTINE,
        asset_key=key,
        passed=found["rows quarantined"] == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={name: found[name] for name in ("rows in", "rows quarantined", "top reasons")},
    )


def _rule_result(
    name: str, key: dg.AssetKey, rule: Expectation, results: Sequence[CheckResult]
) -> dg.AssetCheckResult:
    failed = [r for r in results if not r.success]
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=key,
        passed=not failed,
        severity=_SEVERITY[rule.severity],
        metadata={
            "deliveries checked": len(results),
            "deliveries failed": len(failed),
            "rows checked": sum(r.evaluated or 0 for r in results),
            "rows unexpected": sum(r.unexpected or 0 for r in results),
        },
    )
