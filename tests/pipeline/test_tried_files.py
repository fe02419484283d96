"""What the page of public feeds says about published files is what lands from them."""

from __future__ import annotations

from tried_files import tried

from bassetlaw_pipeline.contracts.derive_feeds import tried_files
from bassetlaw_pipeline.contracts.load import load_contracts


def test_every_tried_file_is_of_a_public_feed():
    feeds = {c.id for c in load_contracts().values() if c.partner == "public"}
    assert {one["feed"] for one in tried_files()} <= feeds and len(tried_files()) > 50


def test_the_declaration_is_what_lands(shared, settings):
    assert tried(shared / "data" / "real", settings) == tried_files()
