"""What a release says of itself, validated by the tools of those who defined the formats; assertions."""

import json
from pathlib import Path
from typing import Any

import frictionless
import mlcroissant
import pyarrow.parquet as pq
import pytest
import small_dataset
import yaml
from building import ENGINE, article, write_jsonl
from fake_coder import load
from typer.testing import CliRunner

from coder import cli
from coder.commands.build import describe_release
from coder.dataset import assertions
from coder.dataset.build import Options, build
from coder.dataset.describe import describe
from coder.dataset.folder import Folder
from coder.dataset.linker import linker
from coder.dataset.tables import TABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = small_dataset.write(tmp_path / "data")
    describe(path)
    return path


def test_frictionless_finds_the_package_valid(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == 5


def test_all_that_a_build_writes_is_valid(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1), {**article(2), "text": "No word"}, {"outlet": "AFP"}])
    build([source], tmp_path / "out", Options(workers=1), ENGINE, linker(load(())), finish=describe_release)
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert {task.name for task in report.tasks} == set(TABLES)
    assert all(task.stats["rows"] for task in report.tasks)


def test_frictionless_finds_what_breaks_a_schema(folder: Path) -> None:
    path = folder / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Armed clash", "Quarrel"), encoding="utf-8")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert {"constraint-error", "hash-count"} & {row[0] for row in report.flatten(["type"])}


def test_the_package_carries_types_keys_and_references(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    assert schemas["events"]["primaryKey"] == ["event_id_cnty"]
    assert schemas["event_claims"]["primaryKey"] == ["event_id_cnty", "claim_id"]
    references = {key["reference"]["resource"] for key in schemas["event_claims"]["foreignKeys"]}
    assert references == {"events", "claims"}
    fields = {field["name"]: field for field in schemas["events"]["fields"]}
    assert fields["latitude"]["constraints"] == {"required": True, "minimum": -90, "maximum": 90}
    assert fields["event_date"]["type"] == "date"


def test_mlcroissant_loads_the_records(folder: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records("claims"))
    assert [r["claims/text"].decode() for r in records] == [c["text"] for c in small_dataset.claims()]
    for table in Folder(folder).tables():
        rows = pq.read_metadata(folder / f"{table}.parquet").num_rows
        assert sum(1 for _ in mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).records(table)) == rows


def test_the_codebook_explains_every_column_and_value(folder: Path) -> None:
    text = (folder / "codebook.md").read_text(encoding="utf-8")
    for table in Folder(folder).tables():
        for name in Folder(folder).table(table).column_names:
            assert f"| `{name}` |" in text
    assert "Shelling/artillery/missile attack" in text
    assert "## claimant_types" in text


def test_the_citation_names_the_release(folder: Path) -> None:
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["type"] == "dataset"
    assert citation["date-released"] == "2016-07-01"
    assert citation["cff-version"] == "1.2.0"


def test_a_description_depends_on_the_data_alone(folder: Path) -> None:
    names = ("datapackage.json", "croissant.json", "codebook.md", "CITATION.cff")
    before = [(folder / name).read_bytes() for name in names]
    describe(folder)
    assert before == [(folder / name).read_bytes() for name in names]


def test_suggested_assertions_hold(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "assertions.yaml"
    path.write_text(assertions.suggest(Folder(folder)), encoding="utf-8")
    loaded = assertions.load(path)
    assert not assertions.breaches(Folder(folder), loaded)
    assert loaded["events"]["columns"]["fatalities"] == {"min": 0, "max": 5, "fill": 1.0}


def test_breaches_name_table_column_bound_and_figure(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "assertions.yaml"
    path.write_text(
        "events:\n  rows: {min: 4}\n  columns:\n    fatalities: {max: 3}\n    event_date: {min: 2016-06-20}\n"
        "    admin1: {fill: 1.0}\n    actor2: {fill: 0.9}\n",
        encoding="utf-8",
    )
    found = assertions.breaches(Folder(folder), assertions.load(path))
    assert [b.reason() for b in found] == [
        "events: rows: found 3, expected at least 4; if the data are right, write min: 3",
        "events.fatalities: found 5, expected at most 3; if the data are right, write max: 5",
        "events.event_date: found 2016-06-15, expected at least 2016-06-20; "
        "if the data are right, write min: 2016-06-15",
        "events.actor2: found 0.6667, expected at least 0.9 of the rows filled; "
        "if the data are right, write fill: 0.66",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("event: {}", "no table 'event'; legal: articles"),
        ("events: {row: {}}", "legal keys: columns, rows"),
        ("events: {columns: {dead: {min: 0}}}", "no column of events 'dead'; legal: event_id_cnty"),
        ("events: {columns: {fatalities: {least: 0}}}", "legal keys: fill, max, min"),
        ("events: {columns: {fatalities: {min: many}}}", "expected a number"),
        ("events: {columns: {event_date: {min: 2016}}}", "expected a date"),
        ("events: {columns: {actor1: {min: 1}}}", "only fill"),
        ("events: {columns: {actor1: {fill: 90}}}", "a share from 0 to 1"),
        ("[]", "expected tables"),
        ("{", "cannot be read as YAML"),
    ],
)
def test_a_slip_in_the_assertions_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "assertions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(assertions.AssertionsError, match=message):
        assertions.load(path)


def test_the_command_stops_at_a_breach(folder: Path, tmp_path: Path) -> None:
    def call(*arguments: object) -> Any:
        return CliRunner().invoke(cli.app, ["describe", str(folder), *map(str, arguments)])

    path = tmp_path / "assertions.yaml"
    path.write_text(call("--suggest").stdout, encoding="utf-8")
    (folder / "codebook.md").unlink()
    assert call("--assertions", path).exit_code == 0
    assert (folder / "codebook.md").is_file()
    (folder / "codebook.md").unlink()
    path.write_text("events: {rows: {max: 2}}", encoding="utf-8")
    stopped = call("--assertions", path, "--json")
    assert stopped.exit_code == 1
    assert json.loads(stopped.stdout)["breaches"][0]["found"] == 3
    assert "events: rows: found 3, expected at most 2" in stopped.stderr
    assert not (folder / "codebook.md").exists()
