"""Figures of CBS: asked of a server that speaks the documented OData 3, and kept with day and checksum."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from koppelkans.commands.main import app
from koppelkans.errors import KoppelkansError
from koppelkans.figures.context import context_table
from koppelkans.guidance.new_study import start
from koppelkans.readers import statline
from koppelkans.study import open_study
from koppelkans.workflow.jobs import jobs_of
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.tidy import write_tables

TODAY = datetime.date(2026, 3, 1)
YEARS = {"85984NED": "2024", "85618NED": "2023"}
COLUMNS = {  # the numbers at the end differ from year to year, and so do some of the names
    "85984NED": {"HuishoudensTotaal_29": "aantal", "Koopwoningen_47": "%",
                 "GemiddeldInkomenPerInwoner_78": "x 1 000 euro", "GemiddeldeElektriciteitslevering_53": "kWh",
                 "GemiddeldAardgasverbruik_55": "m³", "Mannen_6": "aantal"},
    "85618NED": {"HuishoudensTotaal_28": "aantal", "Koopwoningen_40": "%",
                 "GemiddeldInkomenPerInwoner_72": "x 1 000 euro", "GemiddeldeElektriciteitsleveringTotaal_47": "kWh",
                 "GemiddeldAardgasverbruikTotaal_55": "m³"},
}  # fmt: skip
VALUES: dict[str, list[Any]] = {"85984NED": [1450, 31, None, None, ".", 3], "85618NED": [1430, 30, 21.4, 2210, None]}


class StatLine(BaseHTTPRequestHandler):
    """ODataFeed as opendata.cbs.nl answers it: codes are filled up to ten characters with blanks."""

    broken = False

    def do_GET(self) -> None:
        url = urlparse(self.path)
        _, feed, version, table, name = url.path.split("/")
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        assert (feed, version, query["$format"]) == ("ODataFeed", "odata", "json")
        keys = COLUMNS[table]
        region = {"Key": "WK034202  ", "Title": "Smitsveen"}
        rows = [{"WijkenEnBuurten": "WK034202  ", **dict(zip(keys, VALUES[table], strict=True))}]
        tables: dict[str, list[dict[str, Any]]] = {
            "": [{"name": one} for one in ("TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties",
                                           "WijkenEnBuurten")],
            "TableInfos": [{"Identifier": table, "Period": YEARS[table]}],
            "DataProperties": [{"Key": "", "Type": "TopicGroup", "Unit": ""}]
            + [{"Key": key, "Type": "Topic", "Unit": unit} for key, unit in keys.items()],
            "WijkenEnBuurten": [region],
            "TypedDataSet": [row for row in rows if f"'{row['WijkenEnBuurten']}'" in query.get("$filter", "")],
        }  # fmt: skip
        if name == "TypedDataSet":
            chosen = query["$select"].split(",")
            assert chosen[0] == "WijkenEnBuurten" and set(chosen[1:]) <= set(keys) - {"Mannen_6"}
            tables[name] = [{key: row[key] for key in chosen} for row in tables[name]]
        body = b"<html>" if self.broken else json.dumps({"odata.metadata": "", "value": tables[name]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """StatLine on this machine, with the tables of two years."""
    cbsodata = pytest.importorskip("cbsodata", reason="no cbsodata: what asks CBS is not tried")
    running = ThreadingHTTPServer(("127.0.0.1", 0), StatLine)
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    before = cbsodata.options.catalog_url
    cbsodata.options.catalog_url = f"127.0.0.1:{running.server_port}"
    monkeypatch.setattr(cbsodata.options, "use_https", False)
    monkeypatch.setattr(cbsodata.options, "requests", {})
    monkeypatch.setattr(statline, "TABLES", tuple(YEARS))
    monkeypatch.setattr(statline.fetch, "__defaults__", (tuple(YEARS),))
    yield running
    cbsodata.options.catalog_url = before
    running.shutdown()
    running.server_close()


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compendium with a new study that names its district."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    start("smits", tmp_path)
    with (tmp_path / "data" / "raw" / "smits" / "study.yml").open("a", encoding="utf-8") as settings:
        settings.write("cbs: WK034202\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_figure_comes_from_the_newest_year_that_has_it(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    answer = statline.fetch("WK034202")
    found = {one["figure"]: (one["value"], one["year"]) for one in answer["figures"]}
    assert answer["region"] == "Smitsveen" and found == {
        "households": (1450, 2024), "owned": (31, 2024), "income": (21.4, 2023), "electricity": (2210, 2023),
        "gas": (None, 2024),
    }  # fmt: skip
    statline.write(tmp_path, answer, TODAY)
    table = context_table(statline.read(tmp_path, "WK034202"), "nl").set_index("figure")["shown"]
    assert table.to_dict() == {
        "households": "1.450", "owned": "31%", "income": "€\xa021.400", "electricity": "2.210 kWh",
        "gas": "niet gepubliceerd door het CBS",
    }  # fmt: skip
    with pytest.raises(KoppelkansError, match="has no BU00000000 in 85984NED, 85618NED"):
        statline.fetch("BU00000000")


def test_the_command_keeps_the_figures_and_offline_they_stay(server: ThreadingHTTPServer, study: Path) -> None:
    kept = study / "data" / "raw" / "smits" / "cbs.json"
    said = CliRunner().invoke(app, ["context", "smits"])
    assert said.exit_code == 0 and "Smitsveen: 5 cijfers, waarvan het CBS er 1 niet publiceert" in said.output
    opened = open_study("smits", study)
    write_tables(opened)
    assert set(opened.table("context")["source"]) == set(YEARS)
    assert [j.notebook.name for j in jobs_of(opened, all_notebooks(ROOT))] == ["10-context"]
    before = kept.read_bytes()
    server.shutdown()
    server.server_close()
    again = CliRunner().invoke(app, ["context", "smits"])
    assert again.exit_code == 0 and "could not be reached" in again.output and "blijven staan" in again.output
    assert kept.read_bytes() == before
    kept.unlink()
    none = CliRunner().invoke(app, ["context", "smits"])
    assert isinstance(none.exception, KoppelkansError) and "there are no figures of before" in str(none.exception)
    assert not kept.exists()


def test_an_answer_of_another_kind_is_said_in_a_line(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StatLine, "broken", True)
    with pytest.raises(KoppelkansError, match="answers otherwise than documented"):
        statline.fetch("WK034202")


def test_figures_that_somebody_changed_or_of_another_place_are_refused(tmp_path: Path) -> None:
    figure = {"figure": "gas", "value": 900.0, "unit": "m³", "year": 2024, "source": "85984NED"}
    path = statline.write(tmp_path, {"code": "WK034202", "region": "Smitsveen", "figures": [figure]}, TODAY)
    with pytest.raises(KoppelkansError, match=r"holds WK034202, and study.yml says BU03420204"):
        statline.read(tmp_path, "BU03420204")
    path.write_text(path.read_text(encoding="utf-8").replace("900.0", "90.0"), encoding="utf-8")
    with pytest.raises(KoppelkansError, match="its checksum differs"):
        statline.read(tmp_path, "WK034202")


@pytest.mark.parametrize("code", ["Smitsveen", "BU342", "wk034202"])
def test_a_code_that_is_none_is_refused(study: Path, code: str) -> None:
    path = study / "data" / "raw" / "smits" / "study.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("cbs: WK034202", f"cbs: {code}"), encoding="utf-8")
    with pytest.raises(KoppelkansError, match=f"cbs: found '{code}', expected a code of CBS"):
        open_study("smits", study)
