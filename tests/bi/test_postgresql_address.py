"""Wrong addresses are explained in one sentence, exit 2, and never repeated."""

from __future__ import annotations

import pytest
from small_published import publish_small
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:hidden@host/db",
        "postgresql://me:hidden@host",
        "postgresql://me:hidden@host:port/db",
        "postgresql://me:hidden@[host/db",
        "hidden",
    ],
)
def test_a_wrong_address_is_a_sentence(settings, tmp_path, url):
    settings.home.root.mkdir()
    publish_small(tmp_path).rename(settings.home.published)
    result = CliRunner().invoke(app, ["publish", "--to", url])
    assert result.exit_code == 2 and "Not a PostgreSQL address" in result.output
    assert "hidden" not in result.output


def test_an_address_the_driver_cannot_read_keeps_its_password_to_itself(settings, tmp_path):
    pytest.importorskip("adbc_driver_postgresql", reason="the extra `postgresql` is not installed")
    settings.home.root.mkdir()
    publish_small(tmp_path).rename(settings.home.published)
    for url in ("postgresql://me:hid%zzden@127.0.0.1:1/db", "postgresql://me:hid%2Fden@127.0.0.1:1/db"):
        result = CliRunner().invoke(app, ["publish", "--to", url])
        assert result.exit_code == 2 and "PostgreSQL:" in result.output
        assert "den" not in result.output.replace("denied", "")


def test_there_must_be_a_release(settings):
    result = CliRunner().invoke(app, ["publish", "--to", "postgresql://me@host/db"])
    assert result.exit_code == 2 and "Nothing is published yet" in result.output
