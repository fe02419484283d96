"""The indicator registry, typed and loaded, and what is generated from it.

Belongs here: what an indicator declares of itself. Does not belong here: its SQL (dbt_project/models).
"""
