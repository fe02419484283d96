"""Published files whose layout entry is taken out of the contract first: proposed, applied and landed.

The rows are those under the contract as it is, or the proposal says that it is not sure. One file stands for
each layout that the smaller published files have.
"""

from __future__ import annotations

import pytest
import yaml
from test_mutants import land, rows_of

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.load import load_contract, load_contracts
from bassetlaw_pipeline.proposal import words
from bassetlaw_pipeline.proposal.propose import propose
from bassetlaw_pipeline.settings import CONTRACTS_DIR, Settings

DIAGNOSTICS = "08_nhs_performance/Monthly-Diagnostics-Web-File-Provider-September-2024_9CL34R.csv"
SURE = [
    ("nhse_ae_monthly", "01_ae/msitae_csv_2024-25/Monthly-AE-June-2024.csv"),
    ("nhse_dtoc_la", "02_dtoc/la_sitrep_xls/April_13.xls"),
    ("nhse_dtoc_la", "02_dtoc/la_sitrep_xls/June_16.xls"),
    ("nhse_dtoc_la", "02_dtoc/la_sitrep_xls/April_17.xls"),
    ("nhse_dtoc_la", "02_dtoc/la_sitrep_xls/Dec_18.xls"),
    ("nhse_diagnostics_provider", DIAGNOSTICS),
    ("nhse_ae_timeseries", "01_ae/Monthly-AE-Time-Series-October-2024.xls"),
    ("nhse_rtt_provider", "08_nhs_performance/Incomplete-Provider-Apr24-XLSX-8M-revised.csv"),
    ("nhsd_gp_list_size", "07_primary_care/gp-reg-pat-prac-all_2021-01.csv"),
    ("nhsd_qof_prevalence", "07_primary_care/qof_2020-21_PREVALENCE_2021_v2.csv"),
    ("nhsd_iapt_monthly", "08_nhs_performance/iapt_sicbl_monthly_2022.csv"),
    ("ohid_fingertips", "03_fingertips/indicators-DistrictUApre419.data.csv"),
]  # fmt: skip
NOT_SURE = [
    ("nhse_dtoc_la", "02_dtoc/la_sitrep_xls/April_11.xls"),
]


@pytest.fixture
def landing(monkeypatch):
    """The pseudonym key of tests; expectations about whole files say nothing about columns and take long."""
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")
    monkeypatch.setattr("bassetlaw_pipeline.intake.land._validate", lambda *_: None)


@pytest.mark.parametrize(("extract", "file"), [*SURE, *NOT_SURE])
def test_a_published_file_lands_the_same_rows_by_the_proposed_layout(
    extract, file, shared, tmp_path, landing
):
    contract, path = load_contracts()[extract], shared / "data/real" / file
    [(receipt, folder)] = land(contract, [(path.name, path.read_bytes())], tmp_path / "known")
    assert receipt.verdict != "rejected"
    older = tmp_path / f"{contract.partner}__{extract}.odcs.yaml"
    older.write_text(without_layouts(contract, receipt.layout_ids), encoding="utf-8")
    found = propose(path, older, Settings(BASSETLAW_HOME=tmp_path / "home"))
    assert found.is_needed, "the file still fits"
    assert found.is_complete == ((extract, file) in SURE), words.render(found)
    if not found.is_complete:
        return
    older.write_text(found.text, encoding="utf-8")
    [(_, after)] = land(load_contract(older), [(path.name, path.read_bytes())], tmp_path / "proposed")
    for table in contract.tables:
        assert rows_of(contract, table, folder) == rows_of(contract, table, after)


def without_layouts(contract, taken_out: tuple[str, ...]) -> str:
    """The contract before these layouts were agreed; a table with only one knew a column by an older name."""
    text = (CONTRACTS_DIR / f"{contract.partner}__{contract.id}.odcs.yaml").read_text(encoding="utf-8")
    plain = yaml_text.load(text)
    for table, schema in zip(contract.tables, plain["schema"], strict=True):
        if len(table.layouts) > 1:
            stated = next(p for p in schema["customProperties"] if p["property"] == "layouts")
            stated["value"] = [lay for lay in stated["value"] if lay.get("id") not in taken_out]
        else:
            _name_as_before(table, schema)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def _name_as_before(table, schema: dict) -> None:
    column = next(c for c in table.columns if c.required and not c.header_like)
    stated = next(p for p in schema["properties"] if p["name"] == column.name)
    stated["physicalName"] = f"Number of {column.source_name}"
    custom = stated.get("customProperties", [])
    stated["customProperties"] = [p for p in custom if p["property"] != "aliases"]
