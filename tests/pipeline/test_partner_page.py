"""The page that checks a file in the browser: rules are the contract's, findings those of landing."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from mutant_sources import sources
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.land import check_file
from bassetlaw_pipeline.partner_page import page as page_module
from bassetlaw_pipeline.partner_page.page import page
from bassetlaw_pipeline.settings import Settings

CONTRACTS = load_contracts()
TEXT = [c for c in CONTRACTS.values() if c.file.format == "csv"]
SCRIPT = Path(page_module.__file__).with_name("check.js")
_RUN = """
const page = require(process.argv[1]), fs = require("fs");
const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
const results = asked.map(({ data, rules, name }) => {
  const result = page.checkFile(Uint8Array.from(Buffer.from(data, "base64")), rules);
  const said = result.problems.map((problem) => page.sentence(problem, rules));
  return { ...result, said, verdict: page.verdict(result), named: page.isAgreedName(name, rules) };
});
console.log(JSON.stringify(results));
"""


def rules_in(html: str) -> dict:
    """The rules as they stand in a page."""
    return json.loads(re.search(r'id="rules">(.*?)</script>', html, re.DOTALL)[1])


def judged(files: list[tuple[str, str, bytes]]) -> list[dict]:
    """What the page's script says about files of contracts."""
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    asked = [
        {
            "data": base64.b64encode(data).decode(),
            "rules": rules_in(page(CONTRACTS[contract], "synthetic")),
            "name": name,
        }
        for contract, name, data in files
    ]
    told = subprocess.run(
        ["node", "-e", _RUN, str(SCRIPT)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> dict[str, tuple[str, str, bytes]]:
    """A clean file of every contract of text files."""
    folder = tmp_path_factory.mktemp("page")
    found = sources(folder, Settings(BASSETLAW_HOME=folder / "home"))
    return {contract: (contract, *more) for contract, *more in found if CONTRACTS[contract] in TEXT}


@pytest.mark.parametrize("contract", TEXT, ids=lambda c: c.id)
def test_rules_are_the_contract(contract):
    rules = rules_in(page(contract, "synthetic"))
    assert len(rules["columns"]) == len(contract.main.columns)
    for told, column in zip(rules["columns"], contract.main.columns, strict=True):
        same = ("name", "header_like", "logical_type", "required", "key", "pattern", "clean", "pad", "reason")
        assert [told[k] for k in same] == [getattr(column, k) for k in same]
        assert (told["header"], told["aliases"]) == (column.source_name, list(column.aliases))
        assert told["codes"] == (list(column.codes) if column.codes else None)
        if column.logical_type in ("integer", "number"):
            assert (told["minimum"], told["maximum"]) == (column.minimum, column.maximum)
        if column.formats:
            assert tuple("".join(t for t, _ in form) for form in told["formats"]) == column.formats
    for told, layout in zip(rules["layouts"], contract.main.layouts, strict=True):
        assert (told["headers"], tuple(told["ignored"])) == (layout.headers, layout.ignored)
        assert tuple(told["absent"]) == layout.absent


def test_page_connects_to_nowhere():
    html = page(TEXT[0], "synthetic")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for kind, text in (("script", html.rsplit("<script>")[1]), ("style", html.split("<style>")[1])):
        inner = text.split(f"</{kind}>")[0]
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not re.search(r"https?://|\ssrc=|\shref=|fetch\(|XMLHttp|WebSocket|Storage|innerHTML", html)


def test_clean_files_have_no_problem(clean):
    results = dict(zip(clean, judged(list(clean.values())), strict=True))
    assert {k: r["problems"] for k, r in results.items() if r["problems"]} == {}
    assert [k for k, r in results.items() if not r["named"] or not r["rows"]] == []


def _damaged(data: bytes, contract, change) -> bytes:
    """The file with its records changed: `change(records)`."""
    mark = contract.file.delimiter
    records = list(csv.reader(io.StringIO(data.decode(contract.file.encoding), newline=""), delimiter=mark))
    change(records)
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=mark, lineterminator="\r\n").writerows(records)
    return target.getvalue().encode(contract.file.encoding)


def _put(header: str, text: str):
    def change(records):
        records[1][records[0].index(header)] = text

    return change


def _without(header: str):
    def change(records):
        at = records[0].index(header)
        for record in records:
            del record[at]

    return change


def _faults():
    """A contract, what happens to its file, and the reason both must give."""
    for contract in TEXT:
        if contract.id not in (
            "dbth_ecds",
            "nhft_mh_contacts",
            "emas_handover",
            "nhft_community",
            "dbth_cwt",
        ):
            continue
        columns = [c for c in contract.main.columns if not c.optional_in_file]
        plain = [c for c in columns if c.transform is None]
        needed = next(c for c in columns if c.required)
        coded = next((c for c in plain if c.codes and not c.null_markers), None)
        dated = next((c for c in plain if c.logical_type in ("date", "timestamp")), None)
        number = next((c for c in columns if c.transform and c.transform.kind == "person_key"), None)
        yield contract, needed.source_name, _without(needed.source_name), "HEADER_MISSING_COLUMN"
        empty = "KEY_MISSING" if needed.key else "VALUE_MISSING"
        yield contract, needed.source_name, _put(needed.source_name, ""), empty
        if coded:
            put = _put(coded.source_name, "~no such code")
            yield contract, coded.source_name, put, coded.reason or "VALUE_CODE"
        if dated:
            put = _put(dated.source_name, "31/02/2024 25:61")
            yield contract, dated.source_name, put, dated.reason or "VALUE_DATE"
        if number:
            yield (
                contract,
                number.source_name,
                _put(number.source_name, "9990000001"),
                "NHS_NUMBER_CHECK_DIGIT",
            )
        yield contract, "", lambda records: records[1].append("x"), "ROW_FIELD_COUNT"


def test_page_finds_what_landing_finds(clean, tmp_path, monkeypatch):
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")
    faults = list(_faults())
    files = [(c.id, clean[c.id][1], _damaged(clean[c.id][2], c, change)) for c, _, change, _ in faults]
    assert len(files) > 20
    settings = Settings(BASSETLAW_HOME=tmp_path / "home")
    for n, (file, (contract, header, _, code), found) in enumerate(
        zip(files, faults, judged(files), strict=True)
    ):
        path = tmp_path / str(n) / file[1]
        path.parent.mkdir()
        path.write_bytes(file[2])
        landed = {f.code for f in check_file(path, settings, CONTRACTS, contract.id).findings}
        told = {(p["code"], p["column"]) for p in found["problems"]}
        assert (code, header) in told and code in landed, (contract.id, header, code, told, landed)
        assert not any("no such code" in text or "9990000001" in text for text in found["said"])
        assert found["verdict"] != f"No problem was found in {found['rows']} rows."


def test_quotes_marks_and_encodings(clean):
    """Quoted line ends are one row; a byte order mark is no text; a wrong encoding is told."""
    contract, name, data = clean["dbth_ecds"]
    text = data.decode("cp1252")
    marked = b"\xef\xbb\xbf" + text.encode()
    unclosed = (text.rstrip() + '\n"x').encode("cp1252")
    wrong = (text.replace(",", ",£", 1)).encode()
    one, two, three = judged([(contract, name, d) for d in (marked, unclosed, wrong)])
    assert one["problems"] == []
    assert [p["code"] for p in two["problems"]] == ["FILE_UNREADABLE"]
    assert [p["code"] for p in three["problems"]] == ["FILE_ENCODING"]


def test_command(tmp_path):
    run = CliRunner().invoke
    assert run(app, ["contract", "page", "emas_handover", "--to", str(tmp_path)]).exit_code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["ambulance__emas_handover.html"]
    for contract in ("bdc_food_premises", "nhse_dtoc_la", "dbth_workforce", "nhft_iapt", "nobody"):
        assert run(app, ["contract", "page", contract, "--to", str(tmp_path)]).exit_code == 2, contract
    assert run(app, ["contract", "page"]).exit_code == 2
    assert run(app, ["contract", "page", "--all", "--to", str(tmp_path)]).exit_code == 0
    assert len(list(tmp_path.iterdir())) == len(TEXT)
