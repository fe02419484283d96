"""How often the regression on wards by year says that a gap closes or widens, by what is true.

    python benchmarks/gap_closing.py [districts]

Prints a Markdown table; docs/statistics.md quotes it. The truths are those of tests/unit/simulated_gaps.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit")]

from simulated_gaps import TRUTHS, draws, expected_by_year  # noqa: E402
from simulated_wards import imd_score  # noqa: E402

from bassetlaw_pipeline.statistics.gap_closing import gap_closing  # noqa: E402

# cause, years, how many times the events of Bassetlaw
SIZES = (
    ("circulatory", 5, 1),
    ("coronary_heart_disease", 5, 1),
    ("circulatory", 10, 1),
    ("circulatory", 5, 10),
)


def share(truth: str, cause: str, years: int, times: int, districts: int) -> tuple[float, float]:
    """Share of districts called closing, and widening."""
    expected = times * expected_by_year(years, cause)
    drawn = draws(truth, range(districts), times, years, cause)
    verdicts = [gap_closing(observed, expected, imd_score()).verdict for observed in drawn]
    return tuple(verdicts.count(v) / districts for v in ("closing", "widening"))


def main() -> None:
    """The whole table."""
    districts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print("| cause | years | times the events | truth | closing | widening |\n|---|--:|--:|---|--:|--:|")
    for cause, years, times in SIZES:
        for truth in TRUTHS:
            closing, widening = share(truth, cause, years, times, districts)
            row = (cause, years, times, truth, f"{closing:.1%}", f"{widening:.1%}")
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
