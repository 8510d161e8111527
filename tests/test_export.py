"""Exports, each read back by a reader that is not ours."""

import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas
import hypothesis.strategies as st
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import small_dataset
from hypothesis import given
from typer.testing import CliRunner

from coder import cli
from coder.dataset.export import FORMATS, Options, export
from coder.dataset.export import ucdp_scales as scales
from coder.dataset.export.csv import safe
from coder.dataset.export.ucdp import SCHEMA
from coder.dataset.folder import Folder, FolderError
from coder.errors import UserError

ACLED = [
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"),
    *("interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3"),
    *("location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes"),
    *("fatalities", "tags", "timestamp"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_dataset.write(tmp_path / "data")


def exported(folder: Path, to: str, **options: Any) -> Path:
    return export(folder, to, folder.parent / f"out-{to}{FORMATS[to].suffix or ''}", Options(**options)).path


def events() -> pd.DataFrame:
    return pd.DataFrame(small_dataset.events()).sort_values("event_id_cnty", ignore_index=True)


def test_acled_has_the_31_columns_by_name_order_and_type(folder: Path) -> None:
    frame = pd.read_csv(exported(folder, "acled"), keep_default_na=False)
    assert list(frame.columns) == ACLED
    assert len(ACLED) == 31
    assert frame["event_date"].tolist() == ["2016-06-15", "2016-06-15", "2016-07-01"]
    assert frame["actor2"].tolist()[2] == ""
    for name in ("year", "time_precision", "iso", "geo_precision", "fatalities", "timestamp"):
        assert frame[name].dtype == "int64", name
    assert frame["latitude"].dtype == "float64"
    assert frame["interaction"][0] == "State forces-Rebel group"


def test_ucdp_has_the_49_columns_and_the_lethal_events(folder: Path) -> None:
    done = export(folder, "ucdp", folder.parent / "ged.csv")
    frame = pd.read_csv(done.path)
    assert list(frame.columns) == SCHEMA.names
    assert len(SCHEMA.names) == 49
    assert frame["relid"].tolist() == ["SYR000000000002", "LBY000000000001"]
    assert done.notes == ("1 events without dead are left out, as UCDP does not count them",)
    syria, libya = frame.to_dict("records")
    assert (libya["type_of_violence"], syria["type_of_violence"]) == (1, 3)
    assert (libya["side_a"], libya["side_b"]) == ("Government of Libya", "Islamic State (Libya)")
    assert (libya["gwnoa"], libya["country_id"], syria["gwnoa"]) == (620, 620, 652)
    assert (libya["deaths_a"], libya["deaths_b"], libya["deaths_unknown"]) == (0, 5, 0)
    assert (syria["deaths_civilians"], syria["low"], syria["best"], syria["high"]) == (2, 2, 2, 9)
    assert (libya["where_prec"], syria["where_prec"]) == (2, 1)
    assert (libya["date_prec"], syria["date_prec"]) == (1, 2)
    assert libya["source_original"] == "القوات الحكومية"
    assert libya["source_headline"] == small_dataset.ARTICLES[0]["title"]
    assert (libya["region"], syria["region"]) == ("Africa", "Middle East")
    assert libya["date_start"] == "2016-06-15 00:00:00.000"
    assert libya["geom_wkt"] == "POINT (16.58866 31.20892)"


def test_the_deaths_of_ucdp_add_up(folder: Path) -> None:
    frame = pd.read_csv(exported(folder, "ucdp"))
    parts = frame[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)
    assert parts.tolist() == frame["best"].tolist()
    assert (frame["low"] <= frame["best"]).all() and (frame["best"] <= frame["high"]).all()


STATE, REBEL = ("Military Forces of Iraq (2014-)", "State forces"), ("Islamic State (Iraq)", "Rebel group")
MILITIA, CIVILIANS = ("Badr Brigades", "Political militia"), ("Civilians (Iraq)", "Civilians")
NOBODY = (None, None)


@pytest.mark.parametrize(
    ("one", "two", "targeted", "violence", "sides", "swapped"),
    [
        (STATE, REBEL, False, 1, ("Government of Iraq", REBEL[0]), False),
        (REBEL, STATE, False, 1, ("Government of Iraq", REBEL[0]), True),
        (REBEL, MILITIA, False, 2, (MILITIA[0], REBEL[0]), True),
        (REBEL, CIVILIANS, True, 3, (REBEL[0], "Civilians"), False),
        (("Protesters (Iraq)", "Protesters"), STATE, False, 3, ("Government of Iraq", "Civilians"), True),
        (REBEL, NOBODY, True, 3, (REBEL[0], "Civilians"), False),
    ],
)
def test_dyads(one: Any, two: Any, targeted: bool, violence: int, sides: Any, swapped: bool) -> None:
    found = scales.dyad(one, two, targeted)
    assert found is not None
    assert (found.violence, (found.side_a, found.side_b), found.swapped) == (violence, sides, swapped)


def test_no_dyad_where_a_side_is_missing_or_not_organised() -> None:
    assert scales.dyad(REBEL, NOBODY, False) is None
    assert scales.dyad(("Rioters (Iraq)", "Rioters"), STATE, False) is None


def test_cells_of_prio_grid() -> None:
    assert scales.cell(-89.9, -179.9) == 1
    assert scales.cell(89.9, 179.9) == 259_200
    assert scales.cell(14.4151, 44.83709) == 150_210


def test_csv_has_every_table(folder: Path) -> None:
    out = exported(folder, "csv")
    assert {path.stem for path in out.iterdir()} == set(Folder(folder).tables())
    claims = pd.read_csv(out / "claims.csv")
    assert claims["text"].tolist() == [c["text"] for c in small_dataset.claims()]


def test_excel_safe_neutralises_texts_and_leaves_numbers(folder: Path) -> None:
    out = exported(folder, "csv", excel_safe=True)
    content = (out / "claims.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    claims = pd.read_csv(io.BytesIO(content))
    assert claims["text"][3].startswith("'=HYPERLINK")
    assert claims["source_claimant"][3] == "'=cmd()"
    articles = pd.read_csv(out / "articles.csv")
    assert articles["text"].tolist()[:2] == [small_dataset.ARABIC, small_dataset.ENGLISH]
    events = pd.read_csv(out / "events.csv")
    assert events["longitude"].dtype == "float64"


DANGEROUS = "=+-@|%\t\r\n＝＋－＠"


@given(st.text(alphabet=" \u00a0\u200f\t" + DANGEROUS + "abc'", max_size=6))
def test_no_safe_text_begins_like_a_formula(text: str) -> None:
    batch = pa.RecordBatch.from_pydict({"text": pa.array([text], pa.string()), "n": pa.array([-1])})
    made, changed = safe(batch)
    value = made["text"][0].as_py()
    assert value.strip(" \u00a0\u200f\t\r\n")[:1] not in tuple("=+-@|%＝＋－＠")
    assert value in (text, f"'{text}")
    assert changed == (value != text)
    assert made["n"][0].as_py() == -1


def test_xlsx_holds_texts_never_formulas(folder: Path) -> None:
    book = openpyxl.load_workbook(exported(folder, "xlsx"))
    assert book.sheetnames == ["events", "event_claims", "claims", "articles", "codebook", "values"]
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), sheet.title
    rows = list(book["claims"].values)
    assert rows[4][rows[0].index("text")] == small_dataset.claims()[3]["text"]
    heads, first = list(book["events"].values)[:2]
    assert first[heads.index("event_date")].date() == small_dataset.events()[0]["event_date"]
    assert first[heads.index("fatalities")] == 5
    assert "text" not in next(iter(book["articles"].values))
    assert {row[0] for row in list(book["values"].values)[1:]} >= {"sub_event_types", "inter"}


def test_stata_has_labels_and_arabic(folder: Path) -> None:
    out = exported(folder, "stata")
    claims, meta = pyreadstat.read_dta(str(out / "claims.dta"))
    assert claims["text"].tolist() == [c["text"] for c in small_dataset.claims()]
    assert meta.column_names_to_labels["actor1"] == "Actor 1"
    assert meta.variable_value_labels["geo_precision"] == {1: "exact", 2: "near", 3: "region"}
    assert meta.variable_value_labels["inter1"][2] == "Rebel group"
    assert meta.variable_value_labels["inter2"][0] == "none"
    assert claims["inter1"][:2].tolist() == [1, 1]
    assert "Battles" in meta.variable_value_labels["event_type"].values()
    assert claims["event_date"][0] == small_dataset.claims()[0]["event_date"]
    assert claims["fatalities_best"].isna().tolist() == [False, True, False, False, True, True]
    events = pd.read_stata(out / "events.dta")
    assert events["event_type"].tolist() == [e["event_type"] for e in small_dataset.events()]
    articles = pd.read_stata(out / "articles.dta")
    assert articles["text"].tolist() == [a["text"] for a in small_dataset.ARTICLES]


def _in_r(*arguments: str) -> str:
    """What a call of Rscript prints; the test is skipped where R or its package haven is not there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed")
    found = subprocess.run([rscript, "-e", "library(haven)"], capture_output=True, timeout=60, check=False)
    if found.returncode:
        pytest.skip("R has no package haven")
    utf8 = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([rscript, *arguments], capture_output=True, text=True, timeout=60, check=True, env=utf8)
    return done.stdout


def test_r_reads_stata_and_acled(tmp_path: Path) -> None:
    noted = small_dataset.events()
    noted[0]["notes"] = small_dataset.claims()[0]["text"]
    folder = small_dataset.write(tmp_path / "data", events=noted)
    script = str(Path(__file__).parent / "export_in_r.R")
    printed = _in_r(script, str(exported(folder, "stata")), str(exported(folder, "acled")))
    assert dict(line.split("=", 1) for line in printed.splitlines()) == {
        "claims": "6",
        "claims.label": "Actor 1",
        "claims.inter1": "State forces|State forces",
        "claims.event_type": "Battles",
        "claims.text": small_dataset.claims()[0]["text"].rstrip(),  # haven cuts blanks at the end of texts
        "claims.event_date": "2016-06-15",
        "claims.missing": "3",
        "events": "3",
        "acled": "3|31",
        "acled.names": "event_id_cnty|timestamp",
        "acled.notes": small_dataset.claims()[0]["text"],
        "acled.date": "2016-06-15",
        "acled.fatalities": "7",
    }


def test_geoparquet_is_read_by_geopandas(folder: Path) -> None:
    path = exported(folder, "geoparquet")
    frame = geopandas.read_parquet(path)
    assert frame.crs.equals("OGC:CRS84")
    assert frame.geometry.x.tolist() == [e["longitude"] for e in small_dataset.events()]
    assert frame.geometry.y.tolist() == [e["latitude"] for e in small_dataset.events()]
    assert frame["event_id_cnty"].tolist() == events()["event_id_cnty"].tolist()
    geo = json.loads(pq.read_schema(path).metadata[b"geo"])
    assert (geo["version"], geo["columns"]["geometry"]["encoding"]) == ("1.0.0", "WKB")
    assert geo["columns"]["geometry"]["bbox"] == [16.58866, 31.20892, 37.16117, 36.20124]


def test_geojson_is_read_by_gdal(folder: Path) -> None:
    path = exported(folder, "geojson")
    frame = geopandas.read_file(path)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.x.tolist() == [e["longitude"] for e in small_dataset.events()]
    assert frame["claimants"].tolist() == [e["claimants"] for e in small_dataset.events()]


@pytest.mark.parametrize("to", list(FORMATS))
def test_an_export_is_the_same_twice_and_works_without_events(folder: Path, tmp_path: Path, to: str) -> None:
    one, two = (export(folder, to, tmp_path / f"{n}").path for n in "ab")
    files = [[p for p in sorted(path.rglob("*")) if p.is_file()] or [path] for path in (one, two)]
    for mine, theirs in zip(*files, strict=True):
        assert mine.read_bytes() == theirs.read_bytes(), mine
    empty = small_dataset.write(tmp_path / "none", events=[], event_claims=[])
    assert export(empty, to, tmp_path / "c").path.exists()


def test_a_zero_byte_cuts_no_text(tmp_path: Path) -> None:
    events = [{**small_dataset.events()[0], "notes": "before\0after"}]
    folder = small_dataset.write(tmp_path / "data", events=events)
    assert pd.read_stata(exported(folder, "stata") / "events.dta")["notes"].tolist() == ["before\ufffdafter"]
    sheet = openpyxl.load_workbook(exported(folder, "xlsx"))["events"]
    assert list(sheet.values)[1][27] == "before\ufffdafter"


def test_csv_alone_is_enough(folder: Path) -> None:
    for file in folder.glob("*.parquet"):
        file.unlink()
    frame = geopandas.read_parquet(exported(folder, "geoparquet"))
    assert frame["notes"].tolist() == [e["notes"] for e in small_dataset.events()]


def test_what_cannot_be_done_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such folder"):
        export(tmp_path / "nowhere", "acled")
    with pytest.raises(FolderError, match="expected one of"):
        export(folder, "spss")
    with pytest.raises(FolderError, match="goes with --to csv"):
        export(folder, "xlsx", options=Options(excel_safe=True))
    with pytest.raises(FolderError, match="is a folder with files"):
        export(folder, "csv", folder)
    (folder / "events.parquet").write_bytes(b"no parquet")
    with pytest.raises(FolderError, match=r"events\.parquet: is no sound table events"):
        export(folder, "acled", tmp_path / "x.csv")
    assert not list(tmp_path.glob("*x.csv*"))
    (folder / "events.parquet").unlink()
    (folder / "events.csv").unlink()
    with pytest.raises(FolderError, match="holds no table events"):
        export(folder, "acled", tmp_path / "x.csv")


def test_the_command_writes_a_file_or_to_standard_output(folder: Path, tmp_path: Path) -> None:
    def call(*arguments: object) -> Any:
        return CliRunner().invoke(cli.app, ["export", str(folder), *map(str, arguments)])

    done = call("--to", "ucdp", "-o", tmp_path / "ged.csv", "--json")
    assert json.loads(done.stdout)["out"] == str(tmp_path / "ged.csv")
    assert "note: 1 events without dead" in done.stderr
    piped = call("--to", "geojson", "-o", "-")
    assert len(json.loads(piped.stdout)["features"]) == 3
    assert isinstance(call("--to", "stata", "-o", "-").exception, UserError)
