"""Dagster: assets, checks, partitions, jobs, sensors and the instance.

Belongs here: everything that imports dagster or dagster_dbt, and nothing else does. Each module
wraps a function of the pure core (intake, quality, publication) that can be tested without it.
"""
