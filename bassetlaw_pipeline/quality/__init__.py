"""Suites run by Great Expectations, over delivered tables and over the marts.

Belongs here: everything that imports great_expectations. Does not belong here: the verdict on a delivery
(intake.validate).
"""
