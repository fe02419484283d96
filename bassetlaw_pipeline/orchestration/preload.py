"""What every landing process needs, loaded once in the process that they are forked from."""

from __future__ import annotations

import gc
import os
import sys

import alembic.command  # noqa: F401 - Dagster's storage
import pandas  # noqa: F401

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.environment import quieten
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.orchestration.sqlite import relax_sqlite
from bassetlaw_pipeline.quality import gx, validate  # noqa: F401

quieten()
gx.load()
relax_sqlite()
load_contracts()
load_reasons()
gc.set_threshold(50_000, 20, 50)  # looking through the rows in hand took half the time of reading XML

if any("multiprocessing.forkserver" in argument for argument in sys.orig_argv):
    # What a library prints could quote data, and would mix with what the command says.
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
