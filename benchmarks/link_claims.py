"""Made claims whose events are known: a dense record of wars that never were, told with noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from coder.linking.accounts import Account

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
    return v


def generate(
    claims: int, noise: Noise | None = None, seed: int = 1, days: int | None = None
) -> tuple[pa.Table, pa.Table, list[str]]:
    """Claims, articles, and the event of each claim (in the order of the claims).

    By default as many days as give about 25 events a day over eight countries: the pace of a dense record.
    """
    noise = noise or Noise()
    random = Random(seed)
    events = max(1, int(claims / 3.4))
    days = days or max(30, events // 25)
    rows: list[dict[str, Any]] = []
    labels: list[str] = []
    articles: dict[str, tuple[str, int]] = {}
    pending: list[tuple[int, int, Truth]] = []
    for n, truth in enumerate(sorted(_truths(events, random, days), key=lambda t: t.day)):
        pending.extend((truth.day, n, truth) for _ in range(min(int(random.expovariate(0.42)) + 1, 14)))
    while pending and len(rows) < claims:
        day = pending[0][0]
        today = [item for item in pending if item[0] == day]
        pending = pending[len(today) :]
        _write(today, day, noise, random, rows, labels, articles)
    rows, labels = rows[:claims], labels[:claims]
    for number, row in enumerate(rows):
        row["claim_id"] = f"{row['article_id']}:{number}"
    names = [*Account._fields, "kind"]
    table = pa.table(
        {
            name: pa.array([row.get(name) for row in rows])
            for name in names
            if name not in ("civilian_targeting", "tags")
        }
    )
    written = pa.table(
        {
            "article_id": list(articles),
            "outlet": [outlet for outlet, _ in articles.values()],
            "published": [EPOCH + timedelta(16_001 + day) for _, day in articles.values()],
            "text": [None] * len(articles),
        }
    )
    return table, written, labels


def _write(
    today: list[tuple[int, int, Truth]],
    day: int,
    noise: Noise,
    random: Random,
    rows: list[dict[str, Any]],
    labels: list[str],
    articles: dict[str, tuple[str, int]],
) -> None:
    """The articles of one day: each tells a few events, by one to three voices, and may be copied."""
    random.shuffle(today)
    while today:
        size = random.randint(1, 6)
        mine, today = today[:size], today[size:]
        copies = 1 + (random.random() < noise.copied) * random.randint(1, 4)
        told: list[tuple[int, dict[str, Any]]] = []
        seen: Counter[int] = Counter()
        for at, (_, n, truth) in enumerate(mine):
            kind, side = (
                VOICES[(seen[n] + (n + at) % 3) % len(VOICES)] if seen[n] else random.choice(VOICES[:5])
            )
            seen[n] += 1
            told.append(
                (
                    n,
                    {
                        **_told(truth, noise, random),
                        "claimant_type": kind,
                        "claimant_side": side or "none",
                        "source_claimant": f"{kind} {seen[n]}",
                        "start": 200 * at,
                        "end": 200 * at + 150,
                    },
                )
            )
        for _ in range(copies):
            outlet = random.choice(OUTLETS)
            name = f"{random.getrandbits(64):016x}"
            articles[name] = (outlet, day)
            for n, row in told:
                rows.append(
                    {
                        **row,
                        "article_id": name,
                        "source_outlet": outlet,
                        "kind": "event",
                        "responsibility": "reported",
                    }
                )
                labels.append(f"E{n}")
