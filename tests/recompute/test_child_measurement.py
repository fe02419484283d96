"""Childhood obesity once more, in plain pandas from the accepted rows."""

from __future__ import annotations

import pandas as pd
import pytest

from bassetlaw_pipeline.settings import DBT_DIR

pytestmark = pytest.mark.slow
CLASSES = {"childhood_obesity_reception": "R", "childhood_obesity_year6": "6"}


@pytest.mark.parametrize("indicator", CLASSES)
def test_obese_children_by_place_of_residence(built, indicator):
    """District, wards and quintiles; a child's network depends on the lists of the practices."""
    files = sorted((built.accepted / "county_council" / "ncc_ncmp").glob("*/rows.parquet"))
    rows = pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)
    rows = rows[rows["school_year"] == CLASSES[indicator]]
    rows = rows.merge(
        pd.read_csv(DBT_DIR / "seeds" / "geography" / "lsoa11.csv"), left_on="lsoa11", right_on="lsoa11_code"
    )
    for index in ("IMD15", "IMD19"):
        rows[index] = f"{index}_Q" + rows[f"{index.lower()}_quintile"].astype(str)
    rows["obese"] = rows["bmi_p_score"].astype(float) >= 0.95
    rows["begins"] = pd.to_datetime(rows["_period_start"])
    values = built.warehouse.execute(
        "select area_code, period_id, period_start, period_end, numerator, denominator, value "
        "from restricted.fct_indicator_value_all join intermediate.int_period using (period_id) "
        "where indicator_id = $1 and sex = 'persons' and value_status = 'shown' and area_code not like 'U%' "
        "order by all",
        [indicator],
    ).df()
    assert values["area_code"].nunique() >= 2
    for value in values.itertuples():
        place = value.area_code.split("_")[0]
        column = place if place in rows else {"E07": "district_code"}.get(place[:3], "ward17_code")
        own = rows[
            (rows[column] == value.area_code) & rows["begins"].between(value.period_start, value.period_end)
        ]
        assert (value.numerator, value.denominator) == (own["obese"].sum(), len(own)), value
        assert value.value == pytest.approx(100 * own["obese"].mean())
