"""The typed values that travel along the way of the data (design, section 1).

Offsets are character offsets into ``Article.text``, which is the title, a newline and the body as read
(no title: the body) and is never rewritten. ``None`` means unknown; no field has a silent default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Part(NamedTuple):
    """A stretch of the article's text with one role (codebook section 2).

    ``role`` is one of the roles of ``data/codebook.yaml``: title, body, heading, byline, caption, credit,
    related, contact, navigation. Only ``title`` and ``body`` yield claims.
    """

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Article:
    """One published text (codebook section 1)."""

    article_id: str
    outlet: str | None
    url: str | None
    title: str | None
    author: str | None
    published: date | None
    language: str
    text: str
    parts: tuple[Part, ...]
    source_file: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be read, coded or validated, and why; nothing is dropped in silence."""

    source_file: str | None
    record: str | None
    stage: str
    reason: str
    payload: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a coded value was read (codebook section 8).

    ``start`` and ``end`` are ``None`` only where the value was read from the article's metadata (its outlet,
    author or publication date); ``text`` then holds the metadata's value.
    """

    column: str
    start: int | None
    end: int | None
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion by one attributed source of one event, or a statement (codebook section 1).

    The fields are the columns of the ``claims`` table in ``schemas/claims.yaml``, which gives the meaning,
    the unit and the source of each; ``evidence`` becomes the rows of the ``evidence`` table.
    """

    claim_id: str
    article_id: str
    kind: str
    sentence: int
    start: int
    end: int
    text: str
    language: str
    modality: str
    background: bool
    source_claimant: str | None
    claimant_text: str | None
    claimant_type: str | None
    claimant_side: str | None
    responsibility: str | None
    source_channel: str | None
    source_platform: str | None
    source_outlet: str | None
    source_chain: str | None
    engine: str
    codebook_version: str
    knowledge_hash: str
    confidence: float | None = None
    disorder_type: str | None = None
    event_type: str | None = None
    sub_event_type: str | None = None
    civilian_targeting: str | None = None
    actor1: str | None = None
    actor1_text: str | None = None
    assoc_actor_1: str | None = None
    inter1: str | None = None
    actor2: str | None = None
    actor2_text: str | None = None
    assoc_actor_2: str | None = None
    inter2: str | None = None
    interaction: str | None = None
    location: str | None = None
    location_text: str | None = None
    location_relation: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    admin3: str | None = None
    country: str | None = None
    iso: int | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geo_precision: int | None = None
    place_id: str | None = None
    event_date: date | None = None
    date_start: date | None = None
    date_end: date | None = None
    date_text: str | None = None
    time_precision: int | None = None
    fatalities_best: int | None = None
    fatalities_low: int | None = None
    fatalities_high: int | None = None
    fatalities_text: str | None = None
    fatalities_estimated: bool | None = None
    fatalities_shared: bool | None = None
    fatalities_actor1: int | None = None
    fatalities_actor2: int | None = None
    fatalities_civilians: int | None = None
    injured_low: int | None = None
    injured_high: int | None = None
    captured_low: int | None = None
    captured_high: int | None = None
    tags: str | None = None
    review_status: str = "machine"
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened once, as the claims that report it tell it (codebook section 9).

    The fields are the columns of the ``events`` table in ``schemas/events.yaml``: ACLED's 31 export
    columns in their order, then ours.
    """

    event_id_cnty: str
    event_date: date
    year: int
    time_precision: int
    disorder_type: str
    event_type: str
    sub_event_type: str
    actor1: str | None
    assoc_actor_1: str | None
    inter1: str | None
    actor2: str | None
    assoc_actor_2: str | None
    inter2: str | None
    interaction: str | None
    civilian_targeting: str | None
    iso: int
    region: str
    country: str
    admin1: str | None
    admin2: str | None
    admin3: str | None
    location: str
    latitude: float
    longitude: float
    geo_precision: int
    source: str
    source_scale: str
    notes: str
    fatalities: int
    tags: str | None
    timestamp: int
    date_start: date
    date_end: date
    fatalities_low: int | None
    fatalities_high: int | None
    n_claims: int
    n_articles: int
    n_outlets: int
    contested: str | None
    grade: str
    claimants: str
