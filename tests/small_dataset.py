"""A small dataset for the tests of what is made from one: three articles, six claims, three events."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from coder.codebook import inter_number
from coder.dataset.tables import to_arrow

ARABIC = "معركة على أطراف البلدة\nقالت القوات الحكومية إنها صدت هجوما وقتلت خمسة مسلحين. ونفى التنظيم ذلك."
ENGLISH = "Shells on the market\nShells hit the market of Aleppo on Tuesday, killing two traders, medics said."
HOSTILE = '</script><script>alert(1)</script>\n=HYPERLINK(1) & <b onclick=x>said</b> an officer "there".'

ARTICLES: Sequence[Mapping[str, Any]] = (
    {
        "article_id": "a1",
        "outlet": "Al-Sahil",
        "title": ARABIC.split("\n")[0],
        "text": ARABIC,
        "language": "ar",
    },
    {
        "article_id": "a2",
        "outlet": "Herald",
        "title": ENGLISH.split("\n")[0],
        "text": ENGLISH,
        "language": "en",
    },
    {
        "article_id": "a3",
        "outlet": "=cmd()",
        "title": HOSTILE.split("\n")[0],
        "text": HOSTILE,
        "language": "en",
    },
)

_SIRTE = {
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Libya (2014-2021)",
    "inter1": "State forces",
    "actor2": "Islamic State (Libya)",
    "inter2": "Rebel group",
    "interaction": "State forces-Rebel group",
    "location": "Sirte",
    "admin1": "Sirte",
    "country": "Libya",
    "iso": 434,
    "region": "Northern Africa",
    "latitude": 31.20892,
    "longitude": 16.58866,
    "geo_precision": 2,
    "date_start": date(2016, 6, 15),
    "date_end": date(2016, 6, 15),
    "event_date": date(2016, 6, 15),
    "time_precision": 1,
}
_ALEPPO = {
    "disorder_type": "Political violence",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Shelling/artillery/missile attack",
    "actor1": "Military Forces of Syria (2000-2024)",
    "inter1": "State forces",
    "actor2": "Civilians (Syria)",
    "inter2": "Civilians",
    "interaction": "State forces-Civilians",
    "civilian_targeting": "Civilian targeting",
    "location": "Aleppo",
    "admin1": "Aleppo",
    "country": "Syria",
    "iso": 760,
    "region": "Middle East",
    "latitude": 36.20124,
    "longitude": 37.16117,
    "geo_precision": 1,
    "date_start": date(2016, 6, 14),
    "date_end": date(2016, 6, 16),
    "event_date": date(2016, 6, 15),
    "time_precision": 2,
}
_PROTEST = {
    **{key: _ALEPPO[key] for key in ("location", "admin1", "country", "iso", "region", "latitude", "longitude")},
    "disorder_type": "Demonstrations",
    "event_type": "Protests",
    "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Syria)",
    "inter1": "Protesters",
    "interaction": "Protesters only",
    "geo_precision": 3,
    "date_start": date(2016, 7, 1),
    "date_end": date(2016, 7, 1),
    "event_date": date(2016, 7, 1),
    "time_precision": 1,
}


def claim(article: int, n: int, start: int, end: int, **values: Any) -> dict[str, Any]:
    """A claim of an article with the columns that every claim has, and the values given."""
    told = ARTICLES[article - 1]
    fixed = {
        "claim_id": f"a{article}:{n}",
        "article_id": told["article_id"],
        "kind": "event",
        "sentence": n,
        "start": start,
        "end": end,
        "text": told["text"][start:end],
        "language": told["language"],
        "modality": "asserted",
        "background": False,
        "source_claimant": told["outlet"],
        "claimant_type": "media",
        "claimant_side": "none",
        "responsibility": "reported",
        "source_channel": "none",
        "source_outlet": told["outlet"],
        "source_chain": told["outlet"],
        "engine": "rules",
        "codebook_version": "1.0",
        "knowledge_hash": "feed",
        "review_status": "machine",
        "confidence": 0.5,
    }
    sides = {key: inter_number(values.get(key)) for key in ("inter1", "inter2") if "event_type" in values}
    return fixed | values | sides


def claims() -> list[dict[str, Any]]:
    """The claims of the dataset."""
    dead = {"fatalities_best": 5, "fatalities_low": 5, "fatalities_high": 5, "fatalities_actor2": 5}
    two = {"fatalities_best": 2, "fatalities_low": 2, "fatalities_high": 2}
    army = {"source_claimant": "القوات الحكومية", "claimant_type": "state", "responsibility": "claimed"}
    group = {"source_claimant": "Islamic State (Libya)", "claimant_type": "rebel", "modality": "denied"}
    return [
        claim(1, 1, 23, 78, **_SIRTE, **dead, **army, location_text="البلدة", location_relation="على أطراف"),
        claim(1, 2, 78, 94, **_SIRTE, **group),
        claim(
            2,
            1,
            21,
            98,
            **_ALEPPO,
            **two,
            source_claimant="medics",
            claimant_type="medical",
            location_text="Aleppo",
        ),
        claim(3, 1, 35, 90, **_ALEPPO, fatalities_best=4, fatalities_low=4, fatalities_high=9),
        claim(3, 2, 0, 34, kind="statement"),
        claim(2, 2, 0, 20, **_PROTEST),
    ]


def event(key: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An event of the values that its claims have in common, and what only events have."""
    fixed = {
        "event_id_cnty": key,
        "year": values["event_date"].year,
        "source": "Herald",
        "source_scale": "National",
        "notes": f"On a day in 2016, something happened in {values['location']}.",
        "fatalities": 0,
        "timestamp": 1_467_331_200,
        "n_claims": 1,
        "n_articles": 1,
        "n_outlets": 1,
        "grade": "Weak",
        "claimants": "Herald",
    }
    return {**fixed, **values, **more}


def events() -> list[dict[str, Any]]:
    """The events of the dataset."""
    contested = "modality: asserted [القوات الحكومية] | denied [Islamic State (Libya)]"
    deaths = "fatalities: 2 [medics] | 4 [=cmd()]"
    return [
        event(
            "LBY000000000001",
            _SIRTE,
            fatalities=5,
            fatalities_low=5,
            fatalities_high=5,
            n_claims=2,
            contested=contested,
            grade="Contested",
            claimants="Islamic State (Libya); القوات الحكومية",
        ),
        event(
            "SYR000000000002",
            _ALEPPO,
            fatalities=2,
            fatalities_low=2,
            fatalities_high=9,
            n_claims=2,
            n_articles=2,
            n_outlets=2,
            source="=cmd(); Herald",
            contested=deaths,
            grade="Fair",
            claimants="=cmd(); medics",
        ),
        event("SYR000000000003", _PROTEST),
    ]


def links() -> list[dict[str, str]]:
    """Which claim speaks of which event."""
    told = (
        ("LBY000000000001", "a1:1", "supports"),
        ("LBY000000000001", "a1:2", "denies"),
        ("SYR000000000002", "a2:1", "supports"),
        ("SYR000000000002", "a3:1", "disputes"),
        ("SYR000000000003", "a2:2", "supports"),
    )
    return [dict(zip(("event_id_cnty", "claim_id", "role"), row, strict=True)) for row in told]


def articles() -> list[dict[str, Any]]:
    """The articles of the dataset."""
    fixed = {"published": date(2016, 6, 16), "sha256": "0" * 64, "n_claims": 2, "source_file": "in.jsonl"}
    return [{**fixed, **article} for article in ARTICLES]


def write(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> Path:
    """Write the dataset, with other rows where they are given, as Parquet and CSV; returns the folder."""
    rows = {
        "articles": articles(),
        "claims": claims(),
        "events": events(),
        "event_claims": links(),
        "rejects": [],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (rows | tables).items():
        table: pa.Table = to_arrow(name, content)
        pq.write_table(table, folder / f"{name}.parquet")
        pacsv.write_csv(table, folder / f"{name}.csv")
    return folder
