"""A pipeline of two invented partners and a two-model dbt project, for tests of the orchestration.

Reading files is replaced by a function that looks at the first word of a file: `good`, `bad` (rejected),
`drifted` (rejected by the first version of a contract) or `crash`. Everything else (ledger, dbt, Dagster,
publication) is the real thing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bassetlaw_pipeline.contracts.model import (
    Column,
    Contract,
    Expectation,
    FileSpec,
    PeriodSpec,
    Resubmission,
    Table,
)
from bassetlaw_pipeline.intake.model import Arrival, Finding, Receipt, TableCounts
from bassetlaw_pipeline.intake.store.ledger import contract_sha256
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import Settings

SECRET = "9991234567"  # stands for a value that must never leave a file
RULE = Expectation(
    type="expect_table_row_count_to_be_between",
    code="ROWS-FEW",
    severity="critical",
    description="enough rows",
)


def contract(partner: str, extract: str, since: date | None = date(2017, 4, 1)) -> Contract:
    """A monthly extract with one column, files `<extract>_YYYYMM.csv`."""
    table = Table(name=extract, columns=(Column(name="a", source_name="A", key=True),), expectations=(RULE,))
    return Contract(
        id=extract,
        partner=partner,
        title=f"Invented {extract}",
        version="1.0.0",
        purpose="tests",
        owner=f"{partner} information team",
        since=since,
        file=FileSpec(format="csv", names=(rf"{extract}_(?P<year>\d{{4}})(?P<month>\d{{2}})\.csv",)),
        period=PeriodSpec(),
        resubmission=Resubmission(mode="period"),
        tables=(table,),
    )


CONTRACTS = {c.id: c for c in (contract("hospital", "visits"), contract("bcvs", "referrals"))}
PROJECT = {
    "dbt_project.yml": """
name: small
version: "1.0.0"
config-version: 2
profile: small
models:
  small:
    staging: {+schema: staging, +materialized: view}
    marts: {+schema: outcomes, +materialized: table}
""",
    "profiles.yml": """
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('BASSETLAW_BUILD_PATH') }}", threads: 1}
""",
    "macros/schema.sql": """
{% macro generate_schema_name(custom, node) %}{{ custom or target.schema }}{% endmacro %}
""",
    "models/staging/hospital/sources.yml": """
sources:
  - name: hospital
    tables:
      - name: visits
        config:
          meta:
            external_location: >-
              read_parquet('{{ env_var("BASSETLAW_ACCEPTED") }}/hospital/visits/*/rows.parquet')
            dagster: {asset_key: [hospital, visits]}
  - name: pipeline
    tables:
      - name: ledger
        config:
          meta:
            external_location: read_parquet('{{ env_var("BASSETLAW_LEDGER") }}')
""",
    "models/staging/hospital/stg_hospital__visits.sql": """-- Grain: visit.
select a from {{ source('hospital', 'visits') }}
""",
    "models/marts/fct_delivery.sql": """-- Grain: delivery.
select partner, verdict, (select count(*) from {{ ref('stg_hospital__visits') }})::bigint as visits
from {{ source('pipeline', 'ledger') }}
""",
    "models/marts/marts.yml": """
models:
  - name: fct_delivery
    description: Deliveries.
    columns:
      - {name: partner, description: who, data_type: varchar, data_tests: [not_null]}
      - {name: verdict, description: what, data_type: varchar}
      - {name: visits, description: how many, data_type: bigint}
""",
}


def write_project(folder: Path) -> Path:
    """Write the dbt project."""
    for name, text in PROJECT.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def drop(settings: Settings, extract: str, month: str, content: str) -> Path:
    """Drop a file `<extract>_<month>.csv` into its partner's folder."""
    target = settings.home.landing / CONTRACTS[extract].partner / f"{extract}_{month}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"{content} {extract} {month}")
    return target


def land(arrival: Arrival, settings: Settings, contracts: object = None, write: bool = True) -> Receipt:
    """Accept, reject or break, by the first word of the file."""
    word = arrival.path.read_text().split()[0]
    if word == "crash":
        raise ValueError(f"could not convert {SECRET}")
    rejected = word == "bad" or arrival.contract is None
    rejected = rejected or (word == "drifted" and arrival.contract.version == "1.0.0")
    receipt = _receipt(arrival, rejected)
    root = settings.home.rejected if rejected else settings.home.accepted
    folder = root / arrival.partner / (receipt.extract or "_unrecognised") / arrival.delivery_id
    folder.mkdir(parents=True)
    (folder / "receipt.json").write_text(receipt.model_dump_json())
    return receipt


def _receipt(arrival: Arrival, rejected: bool) -> Receipt:
    period = date(int(arrival.parts["year"]), int(arrival.parts["month"]), 1) if arrival.parts else None
    check = CheckResult(code=RULE.code, type=RULE.type, severity="critical", success=True, evaluated=10)
    return Receipt(
        delivery_id=arrival.delivery_id,
        partner=arrival.partner,
        extract=arrival.contract.id if arrival.contract else None,
        file_name=arrival.file_name,
        sha256=arrival.sha256,
        bytes=arrival.size,
        received_at=arrival.received_at,
        contract_version=arrival.contract.version if arrival.contract else None,
        contract_sha256=contract_sha256(arrival.contract) if arrival.contract else None,
        again=arrival.again,
        verdict="rejected" if rejected else "accepted",
        periods=[period] if period else [],
        tables={} if rejected else {"rows": TableCounts(rows_in=10, accepted=9, quarantined=1)},
        findings=[Finding(code="HEADER_MISSING_COLUMN", column="a")] if rejected else [],
        checks=[] if rejected else [check],
    )


def land_extract(contract, arrivals, settings, propose=None):
    """All deliveries of one extract, one after the other."""
    return [land(arrival, settings) for arrival in arrivals]


def install(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    """Put the invented partners, the small dbt project and the fake reader in place, all in this process."""
    from bassetlaw_pipeline import definitions, planning
    from bassetlaw_pipeline.contracts import load
    from bassetlaw_pipeline.intake import land as landing
    from bassetlaw_pipeline.orchestration import jobs, published, warehouse_part
    from bassetlaw_pipeline.publication import release
    from bassetlaw_pipeline.warehouse.dbt_project import DbtPlaces

    monkeypatch.setenv("BASSETLAW_LANDING_PROCESSES", "1")
    for module in (definitions, planning, load, jobs, warehouse_part):
        monkeypatch.setattr(module, "load_contracts", lambda: CONTRACTS)
    monkeypatch.setattr(warehouse_part, "DbtPlaces", lambda settings: DbtPlaces(settings, project))
    monkeypatch.setattr(landing, "land_extract", land_extract)
    monkeypatch.setattr(landing, "land", land)
    monkeypatch.setattr(warehouse_part, "suite_names", list)
    monkeypatch.setattr(published, "_validate", lambda places: {})
    monkeypatch.setattr(release, "write_report", lambda source, folder: folder.mkdir())
