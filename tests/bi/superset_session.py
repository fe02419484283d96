"""Run by Superset's own interpreter: import an export and answer the query of every chart.

Usage: python superset_session.py ZIP. Prints one JSON object: chart name -> rows or error.
Needs SUPERSET_CONFIG_PATH with a metadata database that may be created.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any
from zipfile import ZipFile

from superset.app import create_app

PASSWORD = "for one test only"


def main(bundle: str) -> dict[str, Any]:
    app = create_app()
    logging.disable(logging.WARNING)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        _prepare(app)
        _import(bundle)
        boards = _boards()
    return _answers(app.test_client(), boards)  # outside: requests within a context would share its user


def _prepare(app: Any) -> None:
    from flask_appbuilder import Model
    from superset.extensions import appbuilder, db, security_manager

    Model.metadata.create_all(db.engine)
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    role = security_manager.find_role("Admin")
    security_manager.add_user("admin", "A", "Dmin", "admin@example.org", role, PASSWORD)


def _import(bundle: str) -> None:
    """What `superset import-dashboards -p ZIP -u admin` does."""
    from superset import security_manager
    from superset.commands.dashboard.importers.dispatcher import ImportDashboardsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle
    from superset.utils.core import override_user

    with override_user(security_manager.find_user("admin")), ZipFile(bundle) as file:
        ImportDashboardsCommand(get_contents_from_bundle(file), overwrite=True).run()


def _boards() -> dict[str, dict[str, tuple[int, dict[str, Any]]]]:
    """Dashboard -> chart -> the dataset it reads and its parameters."""
    from superset.extensions import db
    from superset.models.dashboard import Dashboard

    return {
        board.slug: {c.slice_name: (c.datasource_id, json.loads(c.params)) for c in board.slices}
        for board in db.session.query(Dashboard).all()
    }


def _answers(client: Any, boards: dict[str, Any]) -> dict[str, Any]:
    body = {"username": "admin", "password": PASSWORD, "provider": "db"}
    token = client.post("/api/v1/security/login", json=body).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return {
        board: {name: _rows(client, headers, *chart) for name, chart in found.items()}
        for board, found in boards.items()
    }


def _rows(client: Any, headers: dict[str, str], dataset: int, params: dict[str, Any]) -> Any:
    """The rows the chart shows, or what Superset said instead."""
    query = {
        "columns": params.get("all_columns") or [*filter(None, [params.get("x_axis")]), *params["groupby"]],
        "filters": [
            {"col": f["subject"], "op": f["operator"], "val": f["comparator"]}
            for f in params["adhoc_filters"]
        ],
        "row_limit": 100,
        **({"metrics": params["metrics"]} if "metrics" in params else {}),
    }
    source = {"id": dataset, "type": "table"}
    request = {"datasource": source, "queries": [query], "result_format": "json", "result_type": "full"}
    answer = client.post("/api/v1/chart/data", json=request, headers=headers)
    return answer.json["result"][0]["data"] if answer.status_code == 200 else answer.json


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), default=str))
