"""Prints the pass table of the reference vectors at the end of the run."""

import pytest
from reference_run import Score

SCORES = pytest.StashKey[list[Score]]()


def pytest_configure(config):
    config.stash[SCORES] = []


@pytest.fixture
def scores(request) -> list[Score]:
    return request.config.stash[SCORES]


def pytest_terminal_summary(terminalreporter, config):
    scores = config.stash.get(SCORES, [])
    if not scores:
        return
    terminalreporter.section("reference vectors")
    line = "{:28} {:>6} {:>6} {:>12} {:>9}   {}".format
    terminalreporter.write_line(
        line("function", "cases", "rows", "worst error", "failures", "quirks (apart)")
    )
    for s in sorted(scores, key=lambda s: s.function):
        terminalreporter.write_line(
            line(s.function, s.cases, s.rows, f"{s.worst:.1e}", len(s.failed_cases), ", ".join(s.quirks))
        )
