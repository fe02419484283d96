"""What is derived from a contract: stubs, dbt sources, the dictionary."""

from __future__ import annotations

import duckdb
import pyarrow.parquet as pq
import yaml

from bassetlaw_pipeline import sync
from bassetlaw_pipeline.contracts import derive_dbt, derive_docs, derive_feeds
from bassetlaw_pipeline.contracts.derive_stub import landed_schema, write_stubs
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Resubmission


def test_stub_is_an_empty_delivery_with_the_types_of_the_contract(tmp_path):
    contracts = load_contracts()
    contract = contracts["dbth_ecds"]
    write_stubs(tmp_path, contracts)
    stub = tmp_path / "hospital" / "dbth_ecds" / "_contract" / "rows.parquet"
    with duckdb.connect() as con:
        found = con.execute("SELECT * FROM read_parquet($1)", [str(stub)])
        types = {name: str(kind) for name, kind, *_ in found.description}
        assert found.fetchall() == []
    assert types == contract.main.landed


def test_every_table_has_its_stub(tmp_path):
    written = write_stubs(tmp_path, load_contracts())
    names = {path.name for path in written if path.parts[-3] == "dbth_discharge_sitrep"}
    assert names == {"rows.parquet", "rows__census.parquet", "rows__notices.parquet"}


def test_stubs_are_written_only_when_they_change(tmp_path):
    contracts = load_contracts()
    stub = write_stubs(tmp_path, contracts)[0]
    assert write_stubs(tmp_path, contracts) == []
    other = landed_schema(contracts["bdc_leisure"].main).remove(0)
    pq.write_table(other.empty_table(), stub)
    assert write_stubs(tmp_path, contracts) == [stub]
    assert [p for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".parquet"] == []


def test_source_names_columns_and_asset_keys():
    contracts = load_contracts()
    hospital = [c for c in contracts.values() if c.partner == "hospital"]
    (source,) = yaml.safe_load(derive_dbt.sources_yaml("hospital", hospital))["sources"]
    tables = {table["name"]: table for table in source["tables"]}
    assert set(tables) == {
        "dbth_apc",
        "dbth_cwt",
        "dbth_discharge_sitrep",
        "dbth_discharge_sitrep__census",
        "dbth_discharge_sitrep__notices",
        "dbth_ecds",
        "dbth_workforce",
        "dbth_workforce__leaving_reasons",
        "dbth_workforce__sickness_reasons",
    }
    assert tables["dbth_ecds"]["config"]["meta"]["dagster"]["asset_key"] == ["hospital", "dbth_ecds"]
    assert {c["name"]: c["data_type"] for c in tables["dbth_ecds"]["columns"]} == contracts[
        "dbth_ecds"
    ].main.landed
    assert all(column["description"] for table in tables.values() for column in table["columns"])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def test_the_page_of_public_feeds_names_every_feed_its_publisher_licence_and_editions():
    contracts = load_contracts()
    page = derive_feeds.public_feeds(contracts)
    feeds = [c for c in contracts.values() if c.partner == "public"]
    assert len(feeds) >= 18
    for feed in feeds:
        assert f"## {feed.id}\n" in page and feed.usage in page and feed.licence in page
        assert all(edition in page for edition in feed.editions)
    assert sum(bool(feed.editions) for feed in feeds) >= 18
    assert "ccg_prescribing" not in page


def test_dictionary_names_every_extract_column_and_rule():
    contracts = load_contracts()
    text = derive_docs.dictionary(contracts)
    tables = [table for contract in contracts.values() for table in contract.tables]
    missing = [c for c in contracts if f"## {c}\n" not in text]
    missing += [
        c.source_name for t in tables for c in t.columns if f"| `{_cell(c.source_name)}` |" not in text
    ]
    missing += [
        r.code for t in tables for r in (*t.row_rules, *t.expectations) if f"(`{r.code}`)" not in text
    ]
    assert missing == []


def test_file_name_patterns_in_words():
    names = {c.id: derive_docs.readable_name(c.file.names[0]) for c in load_contracts().values()}
    assert names["dbth_apc"] == "RP5_APC_{year}{month}_{FLEX|FREEZE}.txt"
    assert names["ccg_gp_population"] == "02Q_GPREG_{year}{month}[_{practice}].csv"


def test_resubmission_in_words():
    rule = Resubmission(mode="period", by=("_period_start", "gp_practice"))
    assert (
        derive_docs.resubmission_words(rule)
        == "the newest file replaces what it covers, by period and `gp_practice`"
    )


def test_checking_writes_nothing(tmp_path):
    path = tmp_path / "deep" / "page.md"
    assert sync.write({path: "new"}, check=True) == [path]
    assert not path.exists()
    assert sync.write({path: "new"}) == [path]
    assert sync.write({path: "new"}) == []
