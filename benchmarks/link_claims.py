"""Made claims whose events are known: a dense record of wars that never were, told with noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

import pyarrow as pa

from coder.codebook import inter_number
from coder.linking.accounts import claims_schema

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Noise:
    """How often a claim departs from its event: shares of claims, unless said otherwise."""

    day_off: float = 0.05
    week: float = 0.08
    province: float = 0.10
    near: float = 0.10
    neighbour: float = 0.03
    other_type: float = 0.08
    loose_side: float = 0.12
    no_side: float = 0.06
    swapped: float = 0.06
    other_toll: float = 0.35
    no_toll: float = 0.35
    denied: float = 0.02
    copied: float = 0.15
    """Share of articles that are copies of another."""


COUNTRIES = (
    ("Syria", 760, "Middle East"),
    ("Libya", 434, "Northern Africa"),
    ("Yemen", 887, "Middle East"),
    ("Iraq", 368, "Middle East"),
    ("Mali", 466, "Western Africa"),
    ("Somalia", 706, "Eastern Africa"),
    ("Afghanistan", 4, "South Asia"),
    ("Ukraine", 804, "Europe"),
)
KINDS = (
    ("Battles", ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"), 0.35),
    (
        "Explosions/Remote violence",
        (
            "Air/drone strike",
            "Shelling/artillery/missile attack",
            "Remote explosive/landmine/IED",
            "Suicide bomb",
        ),
        0.35,
    ),
    ("Violence against civilians", ("Attack", "Abduction/forced disappearance"), 0.15),
    ("Protests", ("Peaceful protest", "Protest with intervention"), 0.10),
    ("Strategic developments", ("Arrests", "Looting/property destruction"), 0.05),
)
ARTICLES = pa.schema(
    [("article_id", pa.string()), ("outlet", pa.string()), ("published", pa.date32()), ("text", pa.string())]
)
WORDS = tuple(f"word{n}" for n in range(2_000))
OUTLETS = tuple(f"Outlet {n}" for n in range(60))
VOICES = (
    ("media", None),
    ("state", "actor1"),
    ("rebel", "actor2"),
    ("ngo", None),
    ("medical", None),
    ("witness", None),
    ("unnamed", None),
)


@dataclass(frozen=True)
class Truth:
    """One event that happened."""

    values: Mapping[str, Any]
    day: int
    dead: int


def _towns(country: str, random: Random) -> list[tuple[str, str, float, float]]:
    """Fifty towns in ten provinces: name, province, latitude, longitude; a third close to a larger one."""
    box = Random(country)
    south, west = box.uniform(10, 45), box.uniform(0, 60)
    towns: list[tuple[str, str, float, float]] = []
    for n in range(50):
        unit = f"{country} province {n % 10}"
        if n >= 34:
            _, unit, lat, lon = towns[n - 34]
            lat, lon = lat + random.uniform(-0.08, 0.08), lon + random.uniform(-0.08, 0.08)
        else:
            lat, lon = south + random.uniform(0, 6), west + random.uniform(0, 6)
        towns.append((f"{country} town {n}", unit, lat, lon))
    return towns


def _sides(kind: str, country: str, random: Random) -> tuple[tuple[str, str], tuple[str, str] | None]:
    state = (f"Military Forces of {country} (2010-2020)", "State forces")
    rebels = random.choices(
        [
            ("Northern Front", "Rebel group"),
            (f"Islamic State ({country})", "Rebel group"),
            ("Free Army", "Rebel group"),
            ("Popular Guard", "Political militia"),
        ],
        (4, 3, 2, 1),
    )[0]
    people = (f"Civilians ({country})", "Civilians")
    if kind == "Protests":
        return (f"Protesters ({country})", "Protesters"), random.choice([None, state])
    if kind == "Violence against civilians":
        return random.choice([state, rebels, rebels]), people
    pair = [state, rebels]
    random.shuffle(pair)
    return pair[0], people if kind.startswith("Explosions") and random.random() < 0.4 else pair[1]


def _truths(n: int, random: Random, days: int) -> Iterator[Truth]:
    towns = {name: _towns(name, random) for name, _, _ in COUNTRIES}
    weights = [1 / (k + 1) for k in range(50)]
    for _ in range(n):
        country, iso, region = random.choices(COUNTRIES, (8, 3, 5, 5, 2, 2, 4, 3))[0]
        kind, subs, _share = random.choices(KINDS, [share for _, _, share in KINDS])[0]
        one, two = _sides(kind, country, random)
        town, unit, lat, lon = random.choices(towns[country], weights)[0]
        dead = 0 if kind in ("Protests", "Strategic developments") else int(random.paretovariate(1.1)) - 1
        yield Truth(
            {
                "country": country,
                "iso": iso,
                "region": region,
                "event_type": kind,
                "sub_event_type": random.choices(subs, [8, 4, 3, 2][: len(subs)])[0],
                "actor1": one[0],
                "inter1": one[1],
                "actor2": two and two[0],
                "inter2": two and two[1],
                "location": town,
                "admin1": unit,
                "latitude": lat,
                "longitude": lon,
                "geo_precision": 1,
            },
            random.randrange(days),
            min(dead, 400),
        )


def _told(truth: Truth, noise: Noise, random: Random) -> dict[str, Any]:
    """A claim of an event, with noise."""
    v = dict(truth.values)
    hit = random.random
    first = last = truth.day
    if hit() < noise.day_off:
        first = last = truth.day + random.choice((-1, 1))
    elif hit() < noise.week:
        first, last = truth.day - random.randrange(7), truth.day
        last = first + 6
    place = hit()
    if place < noise.province:
        v |= {"geo_precision": 3, "location": f"{v['admin1']} capital"}
    elif place < noise.province + noise.near:
        v |= {"geo_precision": 2}
    elif place < noise.province + noise.near + noise.neighbour:
        shift = random.uniform(-0.03, 0.03)
        v |= {"location": f"near {v['location']}", "latitude": v["latitude"] + shift}
    if hit() < noise.other_type:
        subs = next(subs for kind, subs, _ in KINDS if kind == v["event_type"])
        v["sub_event_type"] = random.choice(subs)
    for n in "12":
        if v[f"inter{n}"] in ("Rebel group", "Political militia", "State forces"):
            if hit() < noise.loose_side:
                v[f"actor{n}"] = (
                    f"Opposition Rebels ({v['country']})"
                    if v[f"inter{n}"] == "Rebel group"
                    else f"Unidentified Armed Group ({v['country']})"
                )
                v[f"inter{n}"] = "Rebel group" if v[f"inter{n}"] == "Rebel group" else "Political militia"
            elif hit() < noise.no_side:
                v[f"actor{n}"] = v[f"inter{n}"] = None
    if v["event_type"] == "Battles" and hit() < noise.swapped / 0.35:
        v |= {"actor1": v["actor2"], "inter1": v["inter2"], "actor2": v["actor1"], "inter2": v["inter1"]}
    dead: int | None = truth.dead
    if hit() < noise.no_toll:
        dead = None
    elif hit() < noise.other_toll and dead:
        dead = max(0, round(dead * random.lognormvariate(0, 0.5)))
    v |= {
        "date_start": EPOCH + timedelta(16_000 + first),
        "date_end": EPOCH + timedelta(16_000 + last),
        "fatalities_best": dead,
        "fatalities_low": dead,
        "fatalities_high": dead,
        "fatalities_shared": False,
        "modality": "denied" if hit() < noise.denied else "asserted",
    }
    return v | {side: inter_number(v[side]) for side in ("inter1", "inter2")}


@dataclass
class Made:
    """Made claims, their articles, and the event of each claim, in the order of the claims."""

    claims: pa.Table
    articles: dict[str, tuple[str, int, int]]
    labels: list[str]

    def article_batches(self) -> Iterator[pa.RecordBatch]:
        """The articles with their texts, made as they are asked for; copies have one text, slightly cut."""
        names = list(self.articles)
        for low in range(0, len(names), 4096):
            part = names[low : low + 4096]
            facts = [self.articles[name] for name in part]
            yield pa.record_batch(
                {
                    "article_id": pa.array(part),
                    "outlet": pa.array([outlet for outlet, _, _ in facts]),
                    "published": pa.array([EPOCH + timedelta(16_001 + day) for _, day, _ in facts]),
                    "text": pa.array([_text(name, text) for name, (_, _, text) in zip(part, facts, strict=True)]),
                }
            )


def _text(name: str, number: int) -> str:
    words = Random(number).choices(WORDS, k=200)
    return " ".join(words[: 180 + int(name[:4], 16) % 20])


def generate(claims: int, noise: Noise | None = None, seed: int = 1, days: int | None = None) -> Made:
    """Claims of made events, told with noise.

    By default over as many days as give 25 events a day in eight countries: the pace of a dense record.
    """
    noise = noise or Noise()
    random = Random(seed)
    events = max(1, int(claims / 3.4))
    days = days or max(30, events // 25)
    made = Made(pa.table({}), {}, [])
    tables: list[pa.Table] = []
    rows: list[dict[str, Any]] = []
    truths = sorted(_truths(events, random, days), key=lambda t: t.day)
    for day, group in groupby(enumerate(truths), key=lambda pair: pair[1].day):
        today = [item for item in group for _ in range(min(int(random.expovariate(0.42)) + 1, 14))]
        _write(today, day, noise, random, rows, made)
        if len(rows) >= 50_000:
            tables.append(_table(rows))
            rows.clear()
    tables.append(_table(rows))
    made.claims = pa.concat_tables(tables).slice(0, claims)
    del made.labels[claims:]
    return made


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({f.name: pa.array([row.get(f.name) for row in rows], f.type) for f in claims_schema()})


def _write(
    today: list[tuple[int, Truth]],
    day: int,
    noise: Noise,
    random: Random,
    rows: list[dict[str, Any]],
    made: Made,
) -> None:
    """The articles of one day: each tells a few events, by a voice or more, and may be copied."""
    random.shuffle(today)
    while today:
        size = random.randint(1, 6)
        mine, today = today[:size], today[size:]
        told: list[tuple[int, dict[str, Any]]] = []
        seen: Counter[int] = Counter()
        for at, (n, truth) in enumerate(mine):
            voices = VOICES[(seen[n] + (n + at) % 3) % len(VOICES)] if seen[n] else random.choice(VOICES[:5])
            seen[n] += 1
            told.append((n, _told(truth, noise, random) | _said(voices, seen[n], at)))
        text = random.getrandbits(32)
        for _ in range(1 + (random.random() < noise.copied) * random.randint(1, 4)):
            name, outlet = f"{random.getrandbits(64):016x}", random.choice(OUTLETS)
            made.articles[name] = (outlet, day, text)
            for at, (n, row) in enumerate(told, 1):
                rows.append(row | {"claim_id": f"{name}:{at}", "article_id": name, "source_outlet": outlet})
                made.labels.append(f"E{n}")


def _said(voice: tuple[str, str | None], turn: int, at: int) -> dict[str, Any]:
    kind, side = voice
    return {
        "kind": "event",
        "responsibility": "reported",
        "claimant_type": kind,
        "claimant_side": side or "none",
        "source_claimant": f"{kind} {turn}",
        "start": 200 * at,
        "end": 200 * at + 150,
    }
