"""The comparison notices a wrong constant in a macro and a wrong digit in an expected file."""

import shutil
from dataclasses import replace

import pytest
import reference_cases
import reference_run
from macro_rendering import MACROS

pytestmark = pytest.mark.skipif(not reference_cases.functions(), reason="no reference vectors here")

CONSTANTS = [
    ("confidence.sql", "1.959963984540054", "1.96", "phe_proportion"),
    ("poisson_limits.sql", "< 10 then {{ poisson", "< 11 then {{ poisson", "phe_rate"),
    ("directly_standardised_rate.sql", ">= 10 and", ">= 9 and", "calculate_dsr"),
    ("life_expectancy.sql", "then 0.1 else 0.5", "then 0.2 else 0.5", "phe_life_expectancy"),
    ("life_expectancy.sql", "<= 5000", "< 5000", "phe_life_expectancy"),
    ("spc_xmr.sql", "3.267::double", "3.9::double", "ptd_spc"),
    ("spc_xmr.sql", "2.66::double * spc_range as upper", "2.67::double * spc_range as upper", "ptd_spc"),
    ("slope_index.sql", "- p / 2)", ")", "phe_sii"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "function"), CONSTANTS)
def test_a_changed_constant_is_noticed(file, right, wrong, function, tmp_path, monkeypatch):
    folder = shutil.copytree(MACROS, tmp_path / "macros")
    text = (folder / file).read_text("utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong), "utf-8")
    monkeypatch.setattr(reference_run, "FOLDER", folder)
    assert any(reference_run.run(case).failures for case in reference_cases.load(function) if not case.quirk)


@pytest.mark.parametrize("function", reference_cases.functions())
def test_a_changed_expected_number_is_noticed(function):
    case = next(c for c in reference_cases.load(function) if not c.quirk and not c.expects_error)
    assert not reference_run.run(case).failures
    position, column = next(_numbers(case))
    wrong = [dict(row) for row in case.expected]
    wrong[position][column] = repr(float(wrong[position][column]) * 1.001)
    assert reference_run.run(replace(case, expected=wrong)).failures


def _numbers(case):
    for position, row in enumerate(case.expected):
        for column, cell in row.items():
            if cell and cell.replace(".", "").isdigit() and float(cell) and column not in case.group_by:
                yield position, column
