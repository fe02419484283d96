"""The pseudonym key: where it comes from, what is refused, and that SQL computes RFC 2104's HMAC."""

from __future__ import annotations

import hashlib
import hmac
import stat

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bassetlaw_pipeline.intake.cast.pseudonym import (
    Key,
    KeyInvalid,
    KeyMismatch,
    KeyMissing,
    bind_key,
    create_sample_key,
    sql_person_key,
    sql_row_key,
)
from bassetlaw_pipeline.settings import Settings

HEX = "00" * 31 + "01"
CON = duckdb.connect()


@pytest.fixture
def keyless(tmp_path, monkeypatch):
    """Settings of a data home without a key."""
    monkeypatch.delenv("BASSETLAW_PSEUDONYM_KEY", raising=False)
    monkeypatch.setenv("BASSETLAW_HOME", str(tmp_path))
    return Settings()


def computed(key: Key, expression: str, value: str) -> str:
    bind_key(CON, key)
    return CON.execute(f"SELECT {expression} FROM (SELECT $1 AS v)", [value]).fetchone()[0]


@pytest.mark.parametrize(
    ("number", "pseudonym"),
    [
        ("9990000018", "3486e903c9cdd9e37455cc80a70b2fe4339220d8179d6ea5a89dbcdfb2d8e62e"),
        ("9990000026", "883e3bc4176fbcd486f5167143bc5c66569c77a2735ddc30cf5f95e931829fae"),
    ],
)
def test_person_key_equals_known_vectors(number, pseudonym):
    assert computed(Key.from_hex(HEX, "test"), sql_person_key("v"), number) == pseudonym


@settings(deadline=None)
@given(
    secret=st.binary(min_size=32, max_size=100),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0")),
)
def test_sql_equals_python_hmac_for_any_key_and_value(secret, value):
    expected = hmac.new(secret, b"attendance/RP5/v1:" + value.encode(), hashlib.sha256).hexdigest()
    assert computed(Key(secret), sql_row_key("v", "attendance", "RP5"), value) == expected


def test_the_same_id_of_another_kind_or_organisation_gives_another_key():
    key = Key.from_hex(HEX, "test")
    made = {
        computed(key, e, "123")
        for e in (
            sql_person_key("v"),
            sql_row_key("v", "spell", "RP5"),
            sql_row_key("v", "case", "RP5"),
            sql_row_key("v", "spell", "RHA"),
        )
    }
    assert len(made) == 4


def test_a_domain_cannot_smuggle_sql():
    with pytest.raises(ValueError, match="domain"):
        sql_row_key("v", "x' || 'y", "RP5")


def test_there_is_no_default_key(keyless):
    with pytest.raises(KeyMissing, match="BASSETLAW_PSEUDONYM_KEY"):
        Key.load(keyless)


@pytest.mark.parametrize("text", ["", "ab" * 31, "zz" * 32, "abc" * 22 + "a"])
def test_weak_or_malformed_keys_are_refused_without_showing_them(text):
    with pytest.raises(KeyInvalid) as refused:
        Key.from_hex(text, "somewhere")
    assert not text or text not in str(refused.value)


def test_a_key_file_others_can_read_is_refused(keyless):
    keyless.key_file.parent.mkdir()
    keyless.key_file.write_text(HEX)
    keyless.key_file.chmod(0o640)
    with pytest.raises(KeyInvalid, match="chmod 600"):
        Key.load(keyless)


def test_the_sample_key_is_private_random_and_kept(keyless):
    path = create_sample_key(keyless)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = Key.load(keyless)
    assert create_sample_key(keyless) is None
    assert Key.load(keyless) == first


def test_no_key_is_made_for_real_data(keyless):
    with pytest.raises(KeyInvalid):
        create_sample_key(keyless.model_copy(update={"environment": "real"}))


def test_another_key_is_noticed_before_anything_is_read():
    key = Key.from_hex(HEX, "test")
    key.ensure_matches(None)
    key.ensure_matches(key.check_value)
    with pytest.raises(KeyMismatch, match=key.check_value):
        key.ensure_matches(Key.from_hex("11" * 32, "test").check_value)


def test_a_key_never_shows_itself():
    key = Key.from_hex("ab" * 32, "test")
    assert "ab" * 8 not in repr(key) and str(key.secret) not in repr(key)
