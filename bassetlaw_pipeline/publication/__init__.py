"""Releases: made aside, compared, approved, and put before readers in one step.

Belongs here: the life of a release and its record. Its files are made in outputs, its differences from the
release before in comparison. Does not belong here: what may be published (disclosure and dbt).
"""
