"""Lint of the armed groups, militias, coalitions, parties and movements in data/actors/groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coder.knowledge.patterns import compile_pattern, fold_name
from coder.language import LANGUAGES

DATA = Path(__file__).resolve().parents[1] / "data"
FILES = sorted((DATA / "actors" / "groups").glob("*.yaml"))
INTERS = {
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Civilians",
    "External/Other forces",
}
KINDS = {"rebel", "militia", "external_forces", "political", "state", "io"}
SIDES = {"rebel", "government", "external"}
FORMS = ("names", "ambiguous", "members", "leaders", "agencies")
REQUIRED = {"id", "name", "inter", "kind", "names", "years", "countries"}
OPTIONAL = {
    "name_in",
    "variants",
    "inter_in",
    "ambiguous",
    "members",
    "leaders",
    "agencies",
    "parents",
    "allies",
    "enemies",
    "side",
    "since",
    "notes",
}
TERM_KEYS = {"from", "to", "country", "inter"}
FIRST_YEAR, LAST_YEAR = 1860, 2030
FEWEST = 350


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


ENTRIES: list[dict[str, Any]] = [entry for path in FILES for entry in load(path)]
BY_ID = {entry["id"]: entry for entry in ENTRIES}
COUNTRIES = {load(path)["country"] for path in (DATA / "actors" / "states").glob("*.yaml")} | {
    country["name"] for country in load(DATA / "places" / "countries.yaml")["countries"]
}


def forms(entry: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every form of an entry with its list and its language."""
    for key in FORMS:
        for language, words in entry.get(key, {}).items():
            for word in words:
                yield key, language, word


def test_ids_are_unique_and_there_are_enough() -> None:
    repeated = [ident for ident, n in Counter(entry["id"] for entry in ENTRIES).items() if n > 1]
    assert not repeated
    assert len(ENTRIES) >= FEWEST


@pytest.mark.parametrize("ident", BY_ID)
def test_entry_is_well_formed(ident: str) -> None:
    entry = BY_ID[ident]
    extra = set(entry) - REQUIRED - OPTIONAL
    assert not extra, f"{sorted(extra)} not legal; legal keys: {', '.join(sorted(REQUIRED | OPTIONAL))}"
    assert not REQUIRED - set(entry)
    assert re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", ident)
    assert entry["inter"] in INTERS
    assert entry["kind"] in KINDS
    assert entry.get("side") in SIDES | {None}
    assert entry["name"].strip() == entry["name"] != ""
    assert entry.get("name_in", "{country}").count("{country}") == 1
    first, last = entry["years"]
    assert FIRST_YEAR <= first <= (last or LAST_YEAR) <= LAST_YEAR
    special = entry.get("inter_in", {})
    terms = [{"country": k, "inter": v} for k, v in special.items()] if isinstance(special, dict) else special
    for term in terms:
        assert set(term) <= TERM_KEYS
        assert term["inter"] in INTERS
    named = [*entry["countries"], *entry.get("variants", {})]
    named += [term["country"] for term in terms if "country" in term]
    assert entry["countries"]
    assert not set(named) - COUNTRIES


@pytest.mark.parametrize("ident", BY_ID)
def test_references_exist(ident: str) -> None:
    entry = BY_ID[ident]
    assert ident not in entry.get("parents", []) + entry.get("enemies", [])
    for other in entry.get("parents", []) + entry.get("enemies", []):
        kind, _, country = other.partition(":")
        known = other in BY_ID or (kind == "state" and country in COUNTRIES)
        assert known, f"{other} is no group and no state"


@pytest.mark.parametrize("ident", BY_ID)
def test_forms_are_in_their_language_and_listed_once(ident: str) -> None:
    entry = BY_ID[ident]
    assert entry["names"].get("en") or entry.get("ambiguous", {}).get("en"), "no name in English"
    assert entry["names"].get("ar") or entry.get("ambiguous", {}).get("ar"), "no name in Arabic"
    for key, language, word in forms(entry):
        assert language in LANGUAGES, f"{key}: {language} is no language"
        letters = re.sub(r"/(?:n|v|adj)\b", "", word)
        wrong = r"[A-Za-z]" if language == "ar" else r"[\u0600-\u06ff]"
        assert not re.search(wrong, letters), f"{key}.{language}: {word!r} is in the other script"
        read = compile_pattern if key == "members" else fold_name
        assert read(word, LANGUAGES[language]), f"{key}.{language}: {word!r} says nothing"
    listed = Counter((lang, word) for key, lang, word in forms(entry) if key in ("names", "ambiguous"))
    assert not [word for (_, word), n in listed.items() if n > 1]


def _overlap(a: list[int | None] | None, b: list[int | None] | None) -> bool:
    (first, last), (begin, end) = a or (None, None), b or (None, None)
    return (first or 0) <= (end or 9999) and (begin or 0) <= (last or 9999)


def test_sure_names_are_one_groups_in_its_country() -> None:
    owners: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for entry in ENTRIES:
        for language, words in entry["names"].items():
            for word in {fold_name(w, LANGUAGES[language]) for w in words}:
                owners.setdefault((language, word), []).append(entry)
    for (_, word), entries in owners.items():
        for n, one in enumerate(entries):
            for other in entries[n + 1 :]:
                shared = set(one["countries"]) & set(other["countries"])
                if not _overlap(one.get("years"), other.get("years")):
                    continue  # men loyal to Assad, before and after his fall
                assert not shared, f"{' '.join(word)}: {one['id']} and {other['id']} in {sorted(shared)}"


def test_groups_that_states_name_exist() -> None:
    for path in (DATA / "actors" / "states").glob("*.yaml"):
        state = load(path)
        for key in ("rebels", "default_militia"):
            for term in state.get(key, []):
                assert term.get("group", "houthi") in BY_ID, f"{path.name}: {key} names {term['group']}"
