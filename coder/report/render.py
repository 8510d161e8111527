"""From a dataset's folder to the page: figures gathered, template filled, style and script sealed by hash."""

import base64
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined

from coder.codebook import names
from coder.dataset.describe import TITLE, opened
from coder.dataset.folder import Folder
from coder.dataset.tables import columns
from coder.report import atlas, contested, sources
from coder.report.timeline import timeline

ROWS_MOST = 5_000
"""Events that the table holds, the newest first; the map and the figures count all."""

CHART = (960.0, 180.0)
"""Width and height of the timeline's bars."""

_DEPICTED = ("event_id_cnty", "event_date", "event_type", "latitude", "longitude", "geo_precision")


def report(source: Path, out: Path, title: str = TITLE) -> int:
    """Write the report of the dataset in ``source`` as one HTML file; returns its size in bytes.

    The same dataset gives the same bytes. Raises FolderError where events or claims are missing.
    """
    text = page(Folder(source), title)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    data = text.encode("utf-8")
    temporary.write_bytes(data)
    temporary.replace(out)
    return len(data)


def page(folder: Folder, title: str) -> str:
    """The page as HTML; every text of the dataset is escaped."""
    release = opened(folder)
    style, script = _asset("report.css"), _asset("report.js")
    events = _newest_first(folder)
    links = _links(folder)
    spots = _spots(events)
    view = atlas.view_of(spots)
    days = list(zip(events["event_date"].to_pylist(), (s.kind for s in spots), strict=True))
    line = timeline(days, len(names("event_types")), *CHART)
    shown = events.slice(0, ROWS_MOST).to_pylist()
    content = {
        "title": title,
        "release": release,
        "kinds": names("event_types"),
        "tiles": _tiles(folder, events, release.figures),
        "atlas": {
            "width": atlas.WIDTH,
            "height": atlas.HEIGHT,
            "paths": list(atlas.paths(view)),
            "clusters": atlas.clusters(view, spots),
        },
        "timeline": line,
        "chart": CHART,
        "sources": sources.sources(folder.rows("claims", sources.COLUMNS), links),
        "disputes": _disputes(folder, events, links),
        "ticks": [bar for n, bar in enumerate(line.bars) if n % max(len(line.bars) // 6, 1) == 0],
        "n_contested": len(events) - events["contested"].null_count,
        "events": shown,
        "n_events": len(events),
        "fill": _fill(folder, events),
        "style": style,
        "script": script,
        "csp": _policy(style, script),
        "points": _points(spots, view),
    }
    text: str = _template().render(content)
    return text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("coder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["labelled"] = lambda name: str(name).replace("_", " ")
    return environment


def _template() -> Any:
    return _environment().get_template("report.html.j2")


def _asset(name: str) -> str:
    """A style or script of our own, as it stands in the page."""
    loader = _environment().loader
    assert loader is not None
    return "\n" + loader.get_source(_environment(), name)[0]


def _policy(style: str, script: str) -> str:
    """What the page may do: its own style and script, known by their hashes, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _newest_first(folder: Folder) -> pa.Table:
    order = [("event_date", "descending"), ("event_id_cnty", "ascending")]
    return folder.table("events").sort_by(order).combine_chunks()


def _links(folder: Folder) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The events of each claim, with its role in them."""
    links: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    if folder.has("event_claims"):
        for row in folder.rows("event_claims"):
            links[row["claim_id"]].append((row["event_id_cnty"], row["role"]))
    return links


def _spots(events: pa.Table) -> list[atlas.Spot]:
    kinds = {name: n for n, name in enumerate(names("event_types"))}
    drawn = events.select(_DEPICTED).to_pydict()
    return [
        atlas.Spot(x, y, kinds[kind], precision)
        for x, y, kind, precision in zip(
            *(drawn[name] for name in ("longitude", "latitude", "event_type", "geo_precision")), strict=True
        )
    ]


def _points(spots: Sequence[atlas.Spot], view: atlas.View) -> str:
    """What the script needs to draw clusters at other scales: x, y, type and precision of every event."""
    flat: list[float | int] = []
    for spot in spots:
        x, y = view.place(spot.longitude, spot.latitude)
        flat += [round(x, 2), round(y, 2), spot.kind, spot.precision]
    return json.dumps({"cell": atlas.CELL, "points": flat}, separators=(",", ":"))


def _tiles(folder: Folder, events: pa.Table, figures: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Figures at the head of the page: name, number, and what stands beside it."""
    dead, low, high = (pc.sum(events[c]).as_py() or 0 for c in ("fatalities", "fatalities_low", "fatalities_high"))
    claims = folder.table("claims", ["kind"])["kind"]
    of_events = pc.sum(pc.equal(claims, "event")).as_py() or 0
    countries = len(events["country"].unique())
    contested_share = len(events) - events["contested"].null_count
    languages = (
        folder.table("articles", ["language"])["language"].value_counts().to_pylist() if folder.has("articles") else []
    )
    told = ", ".join(f"{row['counts']:,} {row['values']}" for row in sorted(languages, key=lambda r: -r["counts"]))
    return [
        ("events", f"{len(events):,}", f"in {countries} countries" if countries != 1 else "in one country"),
        ("claims of events", f"{of_events:,}", f"and {len(claims) - of_events:,} statements"),
        ("articles", f"{figures['articles'].rows if 'articles' in figures else 0:,}", told),
        ("dead", f"{dead:,}", f"all accounts: {low:,} to {high:,}"),
        (
            "contested events",
            f"{contested_share:,}",
            f"{100 * contested_share / max(len(events), 1):.0f} % of all",
        ),
    ]


def _disputes(
    folder: Folder, events: pa.Table, links: Mapping[str, Sequence[tuple[str, str]]]
) -> list[contested.Dispute]:
    chosen = contested.chosen(events.filter(pc.is_valid(events["contested"])).to_pylist())
    wanted = {event["event_id_cnty"] for event in chosen}
    members = {claim: [x for x in mine if x[0] in wanted] for claim, mine in links.items()}
    ids = pa.array(sorted(claim for claim, mine in members.items() if mine), pa.string())
    accounts: defaultdict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    articles: dict[str, Mapping[str, Any]] = {}
    for batch in folder.batches("claims", contested.COLUMNS):
        for claim in batch.filter(pc.is_in(batch["claim_id"], value_set=ids)).to_pylist():
            articles[claim["article_id"]] = {}
            for event, role in members[claim["claim_id"]]:
                accounts[event].append((role, claim))
    if folder.has("articles"):
        for row in folder.rows("articles", ["article_id", "title", "published"]):
            if row["article_id"] in articles:
                articles[row["article_id"]] = row
    return [contested.dispute(event, accounts[event["event_id_cnty"]], articles) for event in chosen]


def _fill(folder: Folder, events: pa.Table) -> list[tuple[str, list[tuple[str, str, float]]]]:
    """Fill rates of the events, and of the claims that assert one: name, title and share."""
    shares = [
        (c.name, c.title, _share(len(events), events[c.name].null_count)) for c in columns("events") if c.nullable
    ]
    coded = [c for c in columns("claims") if c.nullable]
    total, missing = 0, dict.fromkeys((c.name for c in coded), 0)
    for batch in folder.batches("claims", ["kind", *missing]):
        kept = batch.filter(pc.equal(batch["kind"], "event"))
        total += kept.num_rows
        for name in missing:
            missing[name] += kept[name].null_count
    claims = [(c.name, c.title, _share(total, missing[c.name])) for c in coded]
    return [("events", shares), ("claims of events", claims)]


def _share(total: int, missing: int) -> float:
    return round(1 - missing / total, 4) if total else 0.0
