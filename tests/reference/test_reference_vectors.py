"""The macros return what the R packages return, for every case found under $REFERENCE_VECTORS."""

import pytest
import reference_cases
from reference_run import score

pytestmark = pytest.mark.skipif(not reference_cases.functions(), reason="no reference vectors here")


@pytest.mark.parametrize("function", reference_cases.functions())
def test_function_equals_r(function, scores):
    result = score(function)
    scores.append(result)
    shown = "\n".join(result.failures[:20])
    assert not result.failures, f"{len(result.failures)} differences in {function}:\n{shown}"
