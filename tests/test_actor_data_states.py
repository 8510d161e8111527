"""Lint of the state actors, generic actors and titles in data/actors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from coder.knowledge.actors import read_states
from coder.knowledge.lexicon import LexiconBuilder
from coder.language import LANGUAGES, TOKEN

DATA = Path(__file__).resolve().parents[1] / "data"
STATES = sorted((DATA / "actors" / "states").glob("*.yaml"))
INTERS = {
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
}
KINDS = {"military", "police", "government", "intelligence", "border", "prison", "paramilitary", "judiciary"}
RESOLVES = {
    "unidentified",
    "civilians",
    "protesters",
    "rioters",
    "military",
    "police",
    "government",
    "intelligence",
    "border",
    "prison",
    "rebels",
    "opposition",
    "militia-islamist",
    "militia-tribal",
    "militia-ethnic",
    "militia-progov",
    "settlers",
    "separatists",
    "coalition",
    "air-force",
    "peacekeepers",
    "bomber",
    "criminal",
}
KEYS = {
    "state": {
        "country",
        "iso",
        "names",
        "adjectives",
        "demonyms",
        "capital",
        "governments",
        "forces",
        "security_forces",
        "rebels",
        "default_militia",
        "air_forces",
        "abroad",
        "notes",
    },
    "government": {"from", "to", "years", "leaders", "side_names"},
    "force": {"id", "kind", "name", "inter", "from", "to", "names", "ambiguous", "units", "spokesmen"},
    "unit": {"names", "ambiguous", "name", "inter", "from", "to"},
    "rebels": {"from", "to", "name", "group", "inter", "also", "names"},
    "default_militia": {"from", "to", "name", "group", "inter", "names"},
    "air_forces": {"from", "to", "actors"},
    "abroad": {"id", "from", "to", "where"},
    "generic": {
        "id",
        "resolves",
        "name",
        "inter",
        "acts",
        "part",
        "as_victim",
        "thing",
        "head",
        "weak",
        "victim",
        "patterns",
        "assoc",
        "examples",
        "counter_examples",
        "beside",
        "former",
        "deed",
        "mob",
        "alone",
    },
}
FIRST_TIER = (
    "Syria",
    "Iraq",
    "Yemen",
    "Libya",
    "Egypt",
    "Israel",
    "Palestine",
    "Turkey",
    "Iran",
    "Lebanon",
    "Jordan",
    "Kuwait",
    "Bahrain",
    "Qatar",
    "Oman",
    "Algeria",
    "Tunisia",
    "Morocco",
    "Mauritania",
    "Mali",
    "Niger",
    "Chad",
    "Cameroon",
    "Nigeria",
    "Somalia",
    "Ethiopia",
    "Eritrea",
    "Djibouti",
    "Kenya",
    "Sudan",
    "Afghanistan",
    "Pakistan",
    "India",
    "Ukraine",
    "Russia",
    "France",
    "Philippines",
    "Colombia",
    "Guatemala",
    "Nicaragua",
    "Honduras",
    "Peru",
    "Chile",
    "Saudi Arabia",
    "United Arab Emirates",
    "Burkina Faso",
    "South Sudan",
    "United States",
    "United Kingdom",
    "El Salvador",
)
LISTS = ("names", "ambiguous", "leaders", "side_names", "spokesmen", "adjectives", "demonyms", "capital")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


GENERIC = {stem: load(DATA / "actors" / f"{stem}.yaml") for stem in ("generic", "titles")}
LOADED = {path.stem: load(path) for path in STATES}


def name_lists(node: Any) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Every mapping of language to names below ``node``, with its key."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in LISTS:
                yield key, value
            else:
                yield from name_lists(value)
    elif isinstance(node, list):
        for value in node:
            yield from name_lists(value)


def check_keys(node: dict[str, Any], kind: str) -> None:
    extra = set(node) - KEYS[kind]
    assert not extra, f"{kind}: {sorted(extra)} not legal; legal keys: {', '.join(sorted(KEYS[kind]))}"


def check_term(node: dict[str, Any]) -> None:
    start, end = node.get("from"), node.get("to")
    for day in (start, end):
        assert day is None or type(day) is date, f"{day!r} is no date"
    assert start is None or end is None or start < end, f"{start} is not before {end}"


def test_states_cover_the_world() -> None:
    countries = [state["country"] for state in LOADED.values()]
    assert len(set(countries)) == len(countries) >= 195
    assert not set(FIRST_TIER) - set(countries)
    isos = [state["iso"] for state in LOADED.values()]
    assert len(set(isos)) == len(isos)
    ids = [force["id"] for state in LOADED.values() for force in state["forces"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("slug", LOADED)
def test_state_is_well_formed(slug: str) -> None:
    state = LOADED[slug]
    check_keys(state, "state")
    assert slug == re.sub(r"[^a-z0-9]+", "-", state["country"].lower())
    prefix = {force["id"].split(".")[0] for force in state["forces"]}
    assert len(prefix) == 1
    assert state["security_forces"] in {force["id"] for force in state["forces"]}
    for force in state["forces"]:
        check_keys(force, "force")
        check_term(force)
        assert force["kind"] in KINDS
        assert force["inter"] in INTERS
        assert force["names"] or force.get("ambiguous")
        for unit in force.get("units", []):
            check_keys(unit, "unit")
            check_term(unit)
            assert unit.get("names") or unit.get("ambiguous")
            assert unit.get("inter", force["inter"]) in INTERS
    generic = {entry["id"] for entry in GENERIC["generic"]}
    for key in ("rebels", "default_militia"):
        for term in state.get(key, []):
            check_keys(term, key)
            check_term(term)
            assert term["inter"] in INTERS
            assert set(term.get("also", [])) <= generic
    for key in ("air_forces", "abroad"):
        for term in state.get(key, []):
            check_keys(term, key)
            check_term(term)


@pytest.mark.parametrize("slug", LOADED)
def test_governments_follow_one_another(slug: str) -> None:
    governments = LOADED[slug]["governments"]
    assert governments
    last_end: date | None = date.min
    for term in governments:
        check_keys(term, "government")
        check_term(term)
        assert last_end is not None, "a government follows one that is still in office"
        assert term["from"] >= last_end, f"{term['from']}: overlaps the government before it"
        assert re.fullmatch(r"\d{4}-(\d{4})?", term["years"])
        assert (term["to"] is None) == term["years"].endswith("-")
        last_end = term["to"]


@pytest.mark.parametrize("slug", LOADED)
def test_names_are_clean(slug: str) -> None:
    for key, by_language in name_lists(LOADED[slug]):
        assert set(by_language) <= {"en", "ar"}, key
        for language, names in by_language.items():
            assert names, f"{key}.{language} is empty"
            assert len(set(names)) == len(names), f"{key}.{language} repeats a name"
            for name in names:
                assert name == unicodedata.normalize("NFC", name).strip()
                assert bool(re.search("[\u0600-\u06ff]", name)) == (language == "ar"), name


@pytest.mark.parametrize("country", FIRST_TIER)
def test_first_tier_is_named_in_both_languages(country: str) -> None:
    state = next(s for s in LOADED.values() if s["country"] == country)
    for key in ("names", "adjectives", "capital"):
        assert state[key]["en"], key
        assert state[key]["ar"], key
    needed = {"police", "government"} | ({"military"} if country != "Palestine" else set())
    for kind in needed:
        force = next(f for f in state["forces"] if f["kind"] == kind)
        assert force["names"]["en"], kind
        assert force["names"]["ar"], kind
    assert state["governments"][-1]["to"] is None


def test_actors_of_terms_exist() -> None:
    known = {force["id"] for state in LOADED.values() for force in state["forces"]}
    for path in (DATA / "actors" / "groups").glob("*.yaml"):
        known |= {entry["id"] for entry in load(path)}
    for state in LOADED.values():
        used = {i for term in state.get("air_forces", []) for i in term["actors"]}
        used |= {term["id"] for term in state.get("abroad", [])}
        used |= {t["group"] for k in ("rebels", "default_militia") for t in state.get(k, []) if "group" in t}
        assert not used - known, f"{state['country']}: {sorted(used - known)}"


@pytest.mark.parametrize(
    ("country", "day", "kind", "name"),
    [
        ("Syria", date(2012, 7, 1), "military", "Military Forces of Syria (2000-2024)"),
        ("Syria", date(2025, 3, 7), "military", "Military Forces of Syria (2024-)"),
        ("Iraq", date(2013, 5, 1), "police", "Police Forces of Iraq (2006-2014)"),
        ("Iraq", date(2015, 5, 1), "military", "Military Forces of Iraq (2014-2018)"),
        ("Yemen", date(2011, 5, 1), "military", "Military Forces of Yemen (1990-2012)"),
        ("Yemen", date(2015, 8, 1), "military", "Military Forces of Yemen (2012-2022)"),
        ("Libya", date(2015, 8, 1), "military", "Military Forces of Libya (2014-2021)"),
        ("Egypt", date(2013, 2, 1), "police", "Police Forces of Egypt (2012-2013)"),
        ("Mali", date(2013, 1, 15), "military", "Military Forces of Mali (2012-2013)"),
        ("Turkey", date(2016, 8, 24), "military", "Military Forces of Turkey (2016-)"),
        ("Israel", date(2014, 7, 20), "military", "Military Forces of Israel (2009-2021)"),
        ("United States", date(2015, 1, 1), "military", "Military Forces of the United States (2009-2017)"),
        ("United Kingdom", date(2015, 12, 3), "military", "Military Forces of the United Kingdom (2010-2016)"),
        ("El Salvador", date(1989, 11, 16), "military", "Military Forces of El Salvador (1989-1994)"),
        ("Peru", date(1987, 4, 1), "police", "Police Forces of Peru (1985-1990)"),
        ("Palestine", date(2015, 8, 1), "police", "Police Forces of Palestine (1994-) West Bank"),
    ],
)
def test_forces_carry_the_years_of_their_government(country: str, day: date, kind: str, name: str) -> None:
    state = read_states([DATA])[country]
    assert state.forces[kind]["name"].format(years=state.years(day)) == name


@pytest.mark.parametrize("stem", GENERIC)
def test_generic_entries_are_well_formed(stem: str) -> None:
    ids = [entry["id"] for entry in GENERIC[stem]]
    assert len(set(ids)) == len(ids)
    for entry in GENERIC[stem]:
        check_keys(entry, "generic")
        assert entry["resolves"] in RESOLVES, entry["id"]
        assert entry.get("as_victim", "civilians") in RESOLVES, entry["id"]
        assert entry["inter"] in INTERS, entry["id"]
        assert isinstance(entry["victim"], bool), entry["id"]
        assert entry["patterns"].keys() <= {"en", "ar"}, entry["id"]  # «الأمن» has no like in English
        for language in entry["patterns"]:
            assert entry["patterns"][language], f"{entry['id']}: no pattern in {language}"
            for word in " ".join(entry["patterns"][language]).split():
                assert ":" not in word or "/" in word, f"{entry['id']}: {word}: plurals need an inflection"
        assert entry["examples"], entry["id"]
        assert entry["counter_examples"], entry["id"]


@pytest.mark.parametrize("stem", GENERIC)
def test_generic_entries_read_their_examples_alone(stem: str) -> None:
    builders = {code: LexiconBuilder(code) for code in ("en", "ar")}
    for index, entry in enumerate(GENERIC[stem]):
        for code, patterns in entry["patterns"].items():
            for pattern in patterns:
                builders[code].add_pattern(pattern, ("actor", index))
    lexicons = {code: builder.build() for code, builder in builders.items()}
    for index, entry in enumerate(GENERIC[stem]):
        for key, wanted in (("examples", True), ("counter_examples", False)):
            for text in entry[key]:
                code = "ar" if re.search("[\u0600-\u06ff]", text) else "en"
                words = [LANGUAGES[code].fold(word) for word in TOKEN.findall(text)]
                read = any(match.payload[1] == index for match in lexicons[code].scan(words))
                assert read == wanted, f"{entry['id']}: {text}"
