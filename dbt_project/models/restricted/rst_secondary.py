"""Grain: one row per value hidden because a suppressed count could be worked out from it.

The choice is an optimisation over all sums together, which SQL has no means for; see
bassetlaw_pipeline/disclosure. The columns are described in _disclosure__models.yml.
"""


def model(dbt, session):
    """Values hidden to protect others, as an Arrow table."""
    from bassetlaw_pipeline.disclosure.tables import secondary

    dbt.config(materialized="table")
    return secondary(dbt.ref("rst_seen_bounds").to_arrow_table(), dbt.ref("rst_sum_group").to_arrow_table())
