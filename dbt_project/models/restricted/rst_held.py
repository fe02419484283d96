"""Grain: one row per value whose correction is held: beside the figure published before it counts a few.

The rule stands in one place, bassetlaw_pipeline/disclosure/difference.py: what two published counts tell of
the 1 to 7 people between them. The columns are described in _disclosure__models.yml.
"""


def model(dbt, session):
    """Values whose figure stays as published, as an Arrow table."""
    from bassetlaw_pipeline.disclosure.restated import held_values

    dbt.config(materialized="table")
    return held_values(dbt.ref("rst_restated").to_arrow_table())
