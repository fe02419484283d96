"""Generated files are committed; here they are generated again and compared."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import yaml

from bassetlaw_pipeline.settings import PROJECT_DIR, REASONS_FILE
from bassetlaw_pipeline.sync import outputs, sync

GIVEN = r"""(?:reject\(|code=|THEN ')"?([A-Z]+(?:_[A-Z]+)+)"""


def test_generated_files_are_current():
    stale = [str(path.relative_to(PROJECT_DIR)) for path in sync(check=True)]
    assert not stale, f"out of date, run `bassetlaw sync`: {', '.join(stale)}"


def test_generated_files_are_marked_for_whoever_reads_a_change():
    lines = (PROJECT_DIR / ".gitattributes").read_text(encoding="utf-8").splitlines()
    marked = [line.split()[0] for line in lines if line.endswith(" linguist-generated")]
    names = [path.relative_to(PROJECT_DIR).as_posix() for path in outputs()]
    assert [n for n in names if not any(fnmatch(n, pattern) for pattern in marked)] == []


def test_every_code_given_is_a_reason():
    """Whatever intake says about a file has its sentence in expectations/reasons.yml."""
    reasons = yaml.safe_load(REASONS_FILE.read_text(encoding="utf-8"))["reasons"]
    files = (PROJECT_DIR / "bassetlaw_pipeline" / "intake").rglob("*.py")
    given = {code for path in files for code in re.findall(GIVEN, path.read_text(encoding="utf-8"))}
    assert len(given) > 20
    assert given <= set(reasons), f"without a sentence: {sorted(given - set(reasons))}"


def test_reasons_speak_to_the_partner():
    """A sentence may name column, count and detail, and nothing else; there is always something to do."""
    reasons = yaml.safe_load(REASONS_FILE.read_text(encoding="utf-8"))["reasons"]
    for code, reason in reasons.items():
        assert set(re.findall(r"{(\w+)}", reason["sentence"])) <= {"column", "count", "detail"}, code
        assert reason["sentence"].endswith(".") or reason["sentence"].endswith("{detail}"), code
        assert reason["action"].endswith("."), code
