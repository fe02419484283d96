"""Files of real contracts: one row of another month, a revision of only what changed, a confirmation."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest
from extract_files import text
from test_extract_ncc_asc_cld import event
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.intake.land import land_extract
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_text
from bassetlaw_pipeline.intake.store.current import current_of_home, held_of_home
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint
from bassetlaw_pipeline.publication.shadow import shadow_home

CASES = "data/cases"
HEADER = (
    "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,A&E attendances Type 2,"
    "A&E attendances Other A&E Department,A&E attendances Booked Appointments Type 1,"
    "A&E attendances Booked Appointments Type 2,A&E attendances Booked Appointments Other Department,"
    "Attendances over 4hrs Type 1,Attendances over 4hrs Type 2,Attendances over 4hrs Other Department,"
    "Attendances over 4hrs Booked Appointments Type 1,Attendances over 4hrs Booked Appointments Type 2,"
    "Attendances over 4hrs Booked Appointments Other Department,"
    "Patients who have waited 4-12 hs from DTA to admission,"
    "Patients who have waited 12+ hrs from DTA to admission,Emergency admissions via A&E - Type 1,"
    "Emergency admissions via A&E - Type 2,Emergency admissions via A&E - Other A&E department,"
    "Other emergency admissions"
)


def ae(month: str, providers: int, *more: str) -> bytes:
    rows = [
        f"MSitAE-{month},ZZ{n},R,T{n},{900 + n},0,10,0,0,0,30,0,0,0,0,0,3,0,20,0,0,5"
        for n in range(providers)
    ]
    return "\n".join([HEADER, *rows, *more, ""]).encode()


@pytest.fixture
def home(settings):
    """Drop a file into landing and land it; later files were received later."""
    count = iter(range(1, 99))

    def put(extract: str, name: str, data: bytes):
        contract = load_contracts()[extract]
        path = settings.home.landing / contract.partner / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_760_000_000 + 3600 * next(count),) * 2)
        new = scan(settings.home, load_contracts(), known=Ledger(settings.home).knows)
        [receipt] = land_extract(contract, new, settings)
        return receipt

    put.settings = settings
    return put


def current(settings, extract: str) -> dict[str, int]:
    """Rows of the main table that count, by period."""
    contract = load_contracts()[extract]
    found = current_of_home(settings.home, [contract], Ledger(settings.home).receipts()).to_pylist()
    return {str(r["period_start"]): r["row_count"] for r in found if r["state"] == "current"}


def codes(receipt) -> dict[str, int]:
    return {f.code: f.count for f in receipt.findings}


def test_one_row_of_may_in_the_file_of_june_is_set_aside_and_may_stays(home):
    home("nhse_ae_monthly", "Monthly-AE-May-2025.csv", ae("MAY-2025", 10))
    stray = "MSitAE-MAY-2025,ZZ99,R,T,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"
    june = home("nhse_ae_monthly", "Monthly-AE-June-2025.csv", ae("JUNE-2025", 10, stray))
    assert codes(june)["ROW_OTHER_PERIOD"] == 1 and june.verdict == "accepted_with_warnings"
    assert [str(p) for p in june.periods] == [str(p) for p in june.window] == ["2025-06-01"]
    assert current(home.settings, "nhse_ae_monthly") == {"2025-05-01": 10, "2025-06-01": 10}


def test_a_revision_of_only_what_changed_is_held_and_its_confirmation_is_an_event(home, monkeypatch):
    settings = home.settings
    home("nhse_ae_monthly", "Monthly-AE-April-2025.csv", ae("APRIL-2025", 10))
    thin = home("nhse_ae_monthly", "Monthly-AE-April-2025-revised.csv", ae("APRIL-2025", 1))
    assert codes(thin)["REPLACEMENT_HELD"] == 1 and thin.verdict == "accepted_with_warnings"
    assert "RESUBMISSION" not in codes(thin), "it replaces nothing"
    told = render_text(thin, load_reasons())
    assert "It is held, and the rows before it go on being used: 2025-04-01: 1 for 10." in told
    assert current(settings, "nhse_ae_monthly") == {"2025-04-01": 10}
    [held] = held_of_home(settings.home, load_contracts(), Ledger(settings.home).receipts())
    assert (held.receipt.delivery_id, held.words) == (thin.delivery_id, "2025-04-01: 1 for 10")
    before = inputs_fingerprint(Ledger(settings.home).receipts(), None)

    monkeypatch.setenv("BASSETLAW_HOME", str(settings.home.root))
    run = CliRunner().invoke
    shown = run(app, ["status"]).stdout
    assert (
        "Monthly-AE-April-2025-revised.csv is held, the rows before it are used: 2025-04-01: 1 for 10"
        in shown
    )
    assert f"bassetlaw confirm {thin.delivery_id}" in shown
    assert run(app, ["confirm", "2019", "--reason", "x"]).exit_code == 2
    assert run(app, ["confirm", thin.delivery_id, "--reason", " "]).exit_code == 2
    assert (
        run(app, ["confirm", thin.delivery_id, "--reason", "nine closed", "--by", "analyst"]).exit_code == 0
    )
    receipts = Ledger(settings.home).receipts()
    [event_] = [r.confirmed for r in receipts if r.confirmed]
    assert (event_.reason, event_.by, event_.extract) == ("nine closed", "analyst", "nhse_ae_monthly")
    assert current(settings, "nhse_ae_monthly") == {"2025-04-01": 1}
    assert held_of_home(settings.home, load_contracts(), receipts) == []
    assert inputs_fingerprint(receipts, None) != before, "the next run builds again"
    with shadow_home(settings) as shadow:
        assert [r.delivery_id for r in Ledger(shadow.home).receipts() if r.confirmed] == [thin.delivery_id]
    past = current_of_home(
        settings.home, load_contracts().values(), receipts, as_of=thin.received_at
    ).to_pylist()
    assert {r["state"]: r["row_count"] for r in past} == {"current": 10, "held": 1}, "not confirmed then"


def file_of(start: str, end: str) -> tuple[str, dict[str, str]]:
    """Name of a social care file and the columns that state its reporting period; days as 20190401."""
    day = "{0[6]}{0[7]}/{0[4]}{0[5]}/{0[0]}{0[1]}{0[2]}{0[3]}".format
    stated = {"Reporting_Period_Start_Date": day(start), "Reporting_Period_End_Date": day(end)}
    return f"NCC_CLD_{start}_{end}.csv", stated


def test_a_wrong_end_date_replaces_no_month(home):
    """Rule DATE_ORDER empties an end before the start: the row counts with its file, not with that month."""
    name, own = file_of("20180401", "20190331")
    own["Event_Start_Date"] = "05/04/2018"
    first = [event(n, Event_End_Date="20/05/2018", **own) for n in range(6)]
    home(
        "ncc_asc_cld", name, text(first + [event(n, Event_End_Date="20/03/2019", **own) for n in range(6, 9)])
    )

    name, own = file_of("20190401", "20190630")
    own["Event_Start_Date"] = "05/04/2019"
    wrong = event(7, Event_End_Date="20/05/2018", **own)
    receipt = home("ncc_asc_cld", name, text([*(event(n, **own) for n in range(5)), wrong]))
    assert codes(receipt)["DATE_ORDER"] == 1 and "ROW_OTHER_PERIOD" not in codes(receipt)
    assert [str(p) for p in receipt.periods] == ["2019-05-01", "2019-06-01"]
    months = current(home.settings, "ncc_asc_cld")
    assert months == {"2018-05-01": 6, "2019-03-01": 3, "2019-05-01": 5, "2019-06-01": 1}
    rows = f"'{home.settings.home.accepted}/county_council/*/*/rows.parquet'"
    emptied = duckdb.sql(f"SELECT _period_start FROM {rows} WHERE event_end_date IS NULL").fetchall()
    assert [str(day) for (day,) in emptied] == ["2019-06-01"]


def test_receipts_written_before_there_were_windows_are_read_by_the_names_of_their_files(home):
    """The row that was accepted under another month then no longer takes it."""
    settings = home.settings
    for start, end in (("20180401", "20190331"), ("20190401", "20190630")):
        name, own = file_of(start, end)
        own |= {"Event_Start_Date": f"05/04/{start[:4]}", "Event_End_Date": f"20/05/{start[:4]}"}
        home("ncc_asc_cld", name, text([event(n, **own) for n in range(4)]))
    for path in settings.home.accepted.rglob("receipt.json"):
        path.write_text(_without_window(path))
    newest = max(settings.home.accepted.rglob("rows.parquet"))
    strayed = "if(_row_number = 2, DATE '2018-05-01', _period_start) AS _period_start"
    duckdb.sql(f"COPY (SELECT * REPLACE ({strayed}) FROM '{newest}') TO '{newest}.new' (FORMAT parquet)")
    Path(f"{newest}.new").replace(newest)
    assert current(settings, "ncc_asc_cld") == {"2018-05-01": 4, "2019-05-01": 3}


def _without_window(path) -> str:
    body = json.loads(path.read_text())
    del body["window"], body["confirmed"]
    return json.dumps(body)


@pytest.mark.parametrize("case", ["c21-one-row-of-another-month", "c22-revision-holds-only-changes"])
def test_reported_cases(case, home, shared):
    folder = shared / CASES / case
    if not folder.is_dir():
        pytest.skip("the case is not here")
    files = sorted(folder.glob("*.csv"), key=lambda p: ("June" in p.name, "revised" in p.name))
    found = [codes(home("nhse_ae_monthly", p.name, p.read_bytes())) for p in files][-1]
    assert {"ROW_OTHER_PERIOD", "REPLACEMENT_HELD"} & set(found)
    months = current(home.settings, "nhse_ae_monthly")
    assert min(months.values()) >= 9
