"""A tiny coder for the tests of what surrounds coding: one claim a sentence, by a few fixed words."""

import os
import re
import time
from datetime import date, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

from coder.model import Article, Claim, Evidence


class FakeKnowledge:
    """Knowledge with nothing in it but a hash, and no sources."""

    hash = "feedc0de"
    sources = ()


def load(overlays: tuple[Path, ...]) -> FakeKnowledge:
    return FakeKnowledge()


def code_article(article: Article, knowledge: Any) -> tuple[Claim, ...]:
    """A sentence with "shelled" is an event at Aleppo; any other is a statement; some words are traps."""
    claims = []
    for n, match in enumerate(re.finditer(r"[^.\n]+\.", article.text), 1):
        sentence = match.group()
        _spring_traps(sentence)
        claims.append(_claim(article, n, match.start(), match.end(), sentence, knowledge))
    return tuple(claims)


def _spring_traps(sentence: str) -> None:
    if "RAISE" in sentence:
        raise ValueError("a trap in the text")
    if "DIE" in sentence:
        os._exit(9)
    if "SLOW" in sentence:
        time.sleep(0.4)
    while "HANG" in sentence:
        pass
    if "STUCK" in sentence:
        sum(repeat(0))


def _claim(article: Article, n: int, start: int, end: int, text: str, knowledge: Any) -> Claim:
    event = "shelled" in text
    base: dict[str, Any] = {
        "claim_id": f"{article.article_id}:{n}",
        "article_id": article.article_id,
        "kind": "event" if event else "statement",
        "sentence": n - 1,
        "start": start,
        "end": end,
        "text": text,
        "language": article.language,
        "modality": "asserted",
        "background": False,
        "source_claimant": article.outlet,
        "claimant_text": None,
        "claimant_type": "media" if article.outlet else None,
        "claimant_side": "none",
        "responsibility": "reported",
        "source_channel": "none",
        "source_platform": None,
        "source_outlet": None,
        "source_chain": article.outlet,
        "engine": "fake",
        "codebook_version": "1.0",
        "knowledge_hash": knowledge.hash,
    }
    evidence = [Evidence("source_claimant", None, None, article.outlet, "outlet")] if article.outlet else []
    if event:
        base |= _event(article, text)
        evidence += [
            Evidence(column, start, end, text, "fake.rule")
            for column in ("event_type", "actor1", "actor2", "location", "date_start", "fatalities_best")
        ]
    if "UNGROUNDED" in text:
        base["location_relation"], base["location"] = "near", "Aleppo"
    if "WRONGTYPE" in text:
        base["sentence"] = "first"
    return Claim(**base, evidence=tuple(evidence))


def _event(article: Article, text: str) -> dict[str, Any]:
    day = (article.published or date(2016, 6, 15)) - timedelta(days=1)
    dead = 7 if "BADNUMBERS" in text else 2
    return {
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Military Forces of Syria (2000-2024)",
        "inter1": "State forces",
        "actor2": "Civilians (Syria)",
        "inter2": "Civilians",
        "interaction": "State forces-Civilians",
        "location": "Aleppo",
        "admin1": "Aleppo",
        "country": "Syria",
        "iso": 760,
        "region": "Middle East",
        "latitude": 36.2,
        "longitude": 37.16,
        "geo_precision": 1,
        "event_date": day,
        "date_start": day,
        "date_end": day,
        "time_precision": 1,
        "fatalities_best": dead,
        "fatalities_low": dead,
        "fatalities_high": 2,
    }
