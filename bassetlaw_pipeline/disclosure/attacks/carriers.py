"""Which published tables carry counts of people, or numbers made from them, and what holds them.

A test holds it against the tables of a release, so that none is forgotten.
"""

from __future__ import annotations

# Read by an attack before every release.
ATTACKED = {
    "fct_indicator_value": "its counts by attack.py, its rates, shares and totals by outsider.py",
    "fct_inequality": "its gaps between wards whose own figures are not published",
    "fct_delivery": "its rows, which are people: that they are rounded",
    "fct_population": "the people that rates are made of: public, and lists to the nearest 5",
}

# Made from rows of the tables above alone, and rounded like them: whoever has those can make these.
FOLLOWS = {
    "fct_comparison": "differences of published figures",
    "dim_chart": "which chart suits published figures, and their change a year",
    "fct_indicator_spc": "means and limits of published figures",
    "fct_indicator_trend": "slopes of published figures",
    "fct_target_progress": "published figures against targets",
    "fct_outcome_points": "points for published figures",
    "fct_restatement": "what earlier and this release published",
    "mart_improve_outcomes": "published figures beside their names",
    "mart_reduce_inequalities": "published figures beside their names",
    "mart_support_independence": "published figures beside their names",
    "mart_sustainable_services": "published figures beside their names",
    "scorecard": "published figures in sentences",
    "v_figure": "published figures beside their names",
    "v_latest": "published figures beside their names",
}

# Counts of their own, that pass the gate by themselves.
GATED = {
    "fct_segment": "every cell by hes2018, and no total: sums of shown cells are off by 2 for each of them",
    "fct_supply": "the share of rows set aside, given where neither count is small",
    "fct_late_arrival": "shares of all rows of an extract, over many months",
    "fct_unexplained_fall": "how much fewer events, in words, to the nearest tenth",
    "fct_correction": "rows that a registered correction changes: a decision of the partner, told as such",
}

NO_COUNTS = {
    "dim_annotation": "what happened",
    "dim_area": "places",
    "dim_column": "the dictionary",
    "dim_indicator": "definitions, baselines and targets of the plan",
    "dim_period": "calendar",
    "dim_plan_context": "figures of the plan",
    "dim_release": "the release",
    "dim_table": "the dictionary",
    "fct_indicator_annotation": "which annotation speaks of which indicator",
    "fct_lineage": "which delivery stands behind which indicator",
}

DECLARED = {**ATTACKED, **FOLLOWS, **GATED, **NO_COUNTS}
