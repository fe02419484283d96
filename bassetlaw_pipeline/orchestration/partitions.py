"""Months: the partitions of every partner extract."""

from __future__ import annotations

import dagster as dg

TIMEZONE = "Europe/London"
# The months outcomes of the Place Plan look back to, the current one included. One definition for all
# extracts: a Dagster job takes assets of one. Earlier months of a delivery are in the ledger only.
MONTHLY = dg.MonthlyPartitionsDefinition(start_date="2016-01-01", timezone=TIMEZONE, end_offset=1)
