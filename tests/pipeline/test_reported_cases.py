"""Small files made after public reports of what goes wrong: the outcome each should have.

The files lie beside the project; the same kinds are tested with files of our own in tests/unit/test_read_*.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from extract_files import KEY

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.delivery import Delivery, read_and_cast
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.settings import Settings

SOCIAL_PRESCRIBING = "bcvs_social_prescribing"


@pytest.fixture
def taken(shared: Path, settings: Settings, tmp_path: Path):
    """Reads a case's file: `taken(case, name)` or, where the name is free, with its contract."""

    def take(case: str, name: str, contract: str | None = None) -> Delivery:
        (folder,) = (shared / "data" / "cases").glob(f"{case}-*")
        contracts = load_contracts()
        known = {contract: contracts[contract]} if contract else contracts
        arrival = identify(folder / name, known)
        (delivery,) = read_and_cast(arrival.contract, [arrival], KEY, settings, tmp_path)
        return delivery

    return take


def found(delivery: Delivery) -> dict[str, int]:
    return {f.code: f.count for f in delivery.findings}


def column(delivery: Delivery, name: str) -> list:
    return pq.read_table(delivery.files[delivery.arrival.contract.main.name]).column(name).to_pylist()


def test_day_numbers_of_a_workbook_that_counts_from_1904(taken):
    delivery = taken("c01", "BCVS SP Return June 2019.xlsx", SOCIAL_PRESCRIBING)
    days = [f"{day:%Y-%m-%d}" for day in column(delivery, "referral_date")]
    assert (min(days), max(days)) == ("2019-06-03", "2019-06-07")


def test_formulas_without_a_result(taken):
    delivery = taken("c03", "BCVS SP Return June 2019.xlsx", SOCIAL_PRESCRIBING)
    assert found(delivery)["CELL_FORMULA"] == 5


def test_attendances_as_published_in_2019(taken):
    assert taken("c07", "Monthly-AE-June-2019.csv").tables["nhse_ae_monthly"].accepted == 2


def test_a_name_that_begins_with_a_date(taken):
    delivery = taken("c10", "2024-05-13_indicators-DistrictUA.data.csv")
    assert (delivery.arrival.contract.id, delivery.failed) == ("ohid_fingertips", False)


def test_two_files_of_a_zip_that_fit(taken):
    assert found(taken("c12", "RHA_IAPT_201906.zip")) == {"BUNDLE_MEMBER_TWICE": 2}
    assert taken("c12", "control/RHA_IAPT_201906.zip").tables["scores"].accepted == 203


def test_what_a_workbook_of_beds_says_of_itself(taken):
    name = "Beds-Open-Overnight-Web_File-Q3-2019-20-Final.xlsx"
    assert taken("c14", f"spacer-zero/{name}").tables == taken("c14", f"control/{name}").tables
    assert found(taken("c14", f"day-only-title/{name}")) == {"TITLE_MISMATCH": 1}


def test_businesses_called_total_and_source(taken):
    assert taken("c16", "HOT_awards_201906.xlsx").tables["bdc_hot_awards"].accepted == 10


def test_practice_codes_with_invisible_and_quoting_characters(taken):
    delivery = taken("c17", "gp-reg-pat-prac-all_2021-04.csv")
    assert delivery.tables["nhsd_gp_list_size"].accepted == 4
    assert set(column(delivery, "practice_code")) == {"C84001", "C84008", "C84013", "C84024"}


def test_networks_as_published_in_2019_and_2023(taken):
    for name in ("ePCN_2019.xlsx", "ePCN_2023.xlsx"):
        assert {t: n.accepted for t, n in taken("c18", name).tables.items()} == {
            "memberships": 1,
            "networks": 1,
        }
    assert found(taken("c18", "two-sheets/ePCN_2021.xlsx")) == {"SHEET_TWICE": 2}


def test_handovers_over_the_change_of_the_clocks(taken):
    """How long they took is counted in UTC (tests/dbt/test_elapsed.py); none is told to contradict itself."""
    for name in ("EMAS_RP5BA_Handover_WC_25032019.csv", "EMAS_RP5BA_Handover_WC_21102019.csv"):
        delivery = taken("c19", name)
        assert not delivery.failed and "TIME_ORDER" not in found(delivery)
