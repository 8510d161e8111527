"""Places of a project's own laid over the gazetteer, faulty files, and the offline geocoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from geopy.exc import GeocoderQueryError

from coder.coding.places.geocoder import OfflineGazetteer
from coder.knowledge.places.gazetteer import Gazetteer
from coder.knowledge.places.yaml_places import PlaceError, read_places
from coder.paths import data_dir

PLACES = data_dir() / "places"


@pytest.fixture(scope="module")
def gaz() -> Gazetteer:
    return Gazetteer.load([data_dir()])


# Overlays


def overlay(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "places" / "supplement"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_project_adds_and_amends_places(tmp_path: Path, gaz: Gazetteer) -> None:
    (douma,) = [p for p in gaz.find("Douma", "en") if p.country == "Syria"]
    own = overlay(
        tmp_path,
        f"""country: Syria
places:
  - {{id: own.mill, name: Old Mill, kind: landmark, admin1: Aleppo, town: Aleppo, lat: 36.2, lon: 37.1,
     names: {{ar: [الطاحونة العتيقة]}}}}
  - {{id: "{douma.place_id}", name: Douma, kind: city, lat: 33.5, lon: 36.4, names: {{en: [Doumaville]}}}}
""",
    )
    wider = Gazetteer.load([data_dir(), own])
    (mill,) = wider.find("الطاحونة العتيقة", "ar")
    assert mill.name == "Old Mill" and wider.town(mill).name == "Aleppo" and mill.iso == 760
    (amended,) = wider.find("Doumaville", "en")
    assert amended.place_id == douma.place_id and set(douma.names_en) <= set(amended.names_en)
    assert len(wider) == len(gaz) + 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("places: 3", "places is a list"),
        ("country: Syria\nplaces: [{id: a, nmae: b}]", "unknown key 'nmae'"),
        ("country: Syria\nplaces: [{id: a, name: b, kind: castle, lat: 1, lon: 1}]", "legal kinds"),
        ("country: Syria\nplaces: [{id: a, name: b, kind: town, lat: 91, lon: 1}]", "degrees"),
        ("country: Syria\nplaces: [{id: a, name: b, kind: town, lat: 1, lon: 1, cue: maybe}]", "cue 'maybe'"),
        ("country: Syria\nplaces: [{name: b}]", "without an id"),
        ("country: Nowhere\nplaces: [{id: a, name: b, kind: town, lat: 1, lon: 1}]", "countries.yaml"),
        ("places: [", "not readable as YAML"),
    ],
)
def test_a_faulty_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PlaceError, match=says):
        Gazetteer.load([data_dir(), overlay(tmp_path, text)])


def test_own_lists_are_well_formed() -> None:
    for path in sorted((PLACES / "supplement").glob("*.yaml")):
        ids = [entry["place_id"] for entry in read_places(path)]
        assert ids and len(ids) == len(set(ids)), path.name


def test_a_folder_without_tables_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"places\.parquet"):
        Gazetteer.load([tmp_path])
    shutil.copytree(PLACES, tmp_path / "places")
    assert len(Gazetteer.load([tmp_path])) > 50_000


# The geocoder


@pytest.fixture(scope="module")
def geocoder(gaz: Gazetteer) -> OfflineGazetteer:
    return OfflineGazetteer(gaz)


def test_geocode(geocoder: OfflineGazetteer) -> None:
    found = geocoder.geocode("دوما، سوريا")
    assert found.raw["name"] == "Douma" and found.raw["country"] == "Syria"
    assert geocoder.geocode("Tripoli, Lebanon").raw["country"] == "Lebanon"
    assert geocoder.geocode("Tripoli", country="Libya").raw["country"] == "Libya"
    assert len(geocoder.geocode("Tripoli", exactly_one=False)) > 1
    assert geocoder.geocode("Mosulle").raw["name"] == "Mosul"
    assert geocoder.geocode("Mosulle", fuzzy=False) is None
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("  ")


def test_reverse(geocoder: OfflineGazetteer) -> None:
    assert geocoder.reverse((35.953, 39.009)).raw["admin1"] == "Raqqa"
    assert len(geocoder.reverse("15.35, 44.2", exactly_one=False, limit=3)) == 3
