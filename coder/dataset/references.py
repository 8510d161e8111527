"""Rules that hold between tables: spans inside their article, evidence for every value, rows that exist."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from coder.dataset.failures import Failure, failing
from coder.dataset.tables import columns

Frames = Mapping[str, pd.DataFrame]


def _mask(frame: pd.DataFrame, values: list[bool]) -> pd.Series:
    return pd.Series(values, index=frame.index, dtype=bool)


def _plain(values: pd.Series) -> list[Any]:
    """The values as Python's own, None for a missing one: much quicker to walk than the series."""
    plain: list[Any] = values.to_numpy(dtype=object, na_value=None).tolist()
    return plain


def references_exist(frames: Frames) -> Iterator[Failure]:
    """What a row refers to is a row of the other table."""
    for table, frame in frames.items():
        for column in columns(table):
            if column.refers_to is None:
                continue
            other, key = column.refers_to.split(".")
            if other in frames:
                known = set(_plain(frames[other][key]))
                mask = _mask(frame, [value not in known for value in _plain(frame[column.name])])
                text = f"is no {key} of the table {other}"
                yield from failing(table, frame, mask, column.name, "references-exist", text)


def articles_hold(frames: Frames) -> Iterator[Failure]:
    """The hash is the text's, and the number of claims is that of the claims table."""
    if "articles" not in frames:
        return
    frame = frames["articles"]
    hashes = [hashlib.sha256(str(text).encode("utf-8", "replace")).hexdigest() for text in _plain(frame["text"])]
    text = "is not the SHA-256 of the text"
    yield from failing("articles", frame, frame["sha256"] != pd.Series(hashes, index=frame.index), "sha256",
                       "articles-hold", text)  # fmt: skip
    if "claims" in frames:
        counts = frames["claims"]["article_id"].value_counts()
        expected = frame["article_id"].map(counts).fillna(0).astype("Int64")
        yield from failing(
            "articles",
            frame,
            frame["n_claims"] != expected,
            "n_claims",
            "articles-hold",
            lambda row: f"the claims table has {expected.iloc[row]}",
        )


def _spans_differ(frame: pd.DataFrame, texts: Iterable[str | None]) -> list[bool]:
    rows = zip(*(_plain(frame[name]) for name in ("start", "end", "text")), texts, strict=True)
    return [
        None not in (start, end, text, whole) and not (0 <= start < end <= len(whole) and whole[start:end] == text)
        for start, end, text, whole in rows
    ]


def _pairs(frame: pd.DataFrame, key: str, value: str) -> dict[Any, Any]:
    return dict(zip(_plain(frame[key]), _plain(frame[value]), strict=True))


def spans_hold(frames: Frames) -> Iterator[Failure]:
    """Texts of claims and evidence are the article's at their offsets; claim ids begin with the article's."""
    if "claims" not in frames:
        return
    claims = frames["claims"]
    prefix = claims["claim_id"].str.rsplit(":", n=1).str[0]
    text = "does not begin with the article's id"
    yield from failing("claims", claims, prefix != claims["article_id"], "claim_id", "spans-hold", text)
    if "articles" not in frames:
        return
    articles = _pairs(frames["articles"], "article_id", "text")
    mask = _mask(claims, _spans_differ(claims, map(articles.get, _plain(claims["article_id"]))))
    text = "is not the article's text between start and end"
    yield from failing("claims", claims, mask, "text", "spans-hold", text)
    if "evidence" in frames:
        evidence = frames["evidence"]
        article_of = _pairs(claims, "claim_id", "article_id")
        texts = (articles.get(article_of.get(claim)) for claim in _plain(evidence["claim_id"]))
        mask = _mask(evidence, _spans_differ(evidence, texts))
        yield from failing("evidence", evidence, mask, "text", "spans-hold", text)


def spans_complete(frames: Frames) -> Iterator[Failure]:
    """An evidence row has both offsets or none."""
    if "evidence" in frames:
        frame = frames["evidence"]
        mask = frame["start"].isna() != frame["end"].isna()
        text = "start and end are both given or both empty"
        yield from failing("evidence", frame, mask, "start", "spans-hold", text)


def _supported(claims: pd.DataFrame, evidence: pd.DataFrame) -> dict[str, np.ndarray]:
    """For each column with evidence, which claims have some."""
    row_of = {claim_id: row for row, claim_id in enumerate(_plain(claims["claim_id"]))}
    supported: dict[str, np.ndarray] = {}
    for claim_id, name in zip(_plain(evidence["claim_id"]), _plain(evidence["column"]), strict=True):
        if claim_id in row_of:
            supported.setdefault(name, np.zeros(len(claims), dtype=bool))[row_of[claim_id]] = True
    return supported


def values_grounded(frames: Frames) -> Iterator[Failure]:
    """Every coded value of a claim has evidence: its own, or that of a column that it follows from."""
    if "claims" not in frames or "evidence" not in frames:
        return
    claims, evidence = frames["claims"], frames["evidence"]
    supported = _supported(claims, evidence)
    nothing = np.zeros(len(claims), dtype=bool)
    for column in columns("claims"):
        if not column.evidence:
            continue
        values = claims[column.name]
        coded = values.notna() if column.default is None else values.notna() & (values != column.default)
        grounds = dict.fromkeys((column.name, *column.evidence))
        grounded = np.any([supported.get(name, nothing) for name in grounds], axis=0)
        mask = coded & ~grounded
        names = " or ".join(grounds)
        text = f"has no evidence; write an evidence row for {names}"
        yield from failing("claims", claims, mask, column.name, "values-grounded", text)


def events_joined(frames: Frames) -> Iterator[Failure]:
    """An event counts the claims that are joined to it, and has at least one."""
    if "events" not in frames or "event_claims" not in frames:
        return
    events, joined = frames["events"], frames["event_claims"]
    expected = events["event_id_cnty"].map(joined["event_id_cnty"].value_counts()).fillna(0).astype("Int64")
    yield from failing(
        "events",
        events,
        events["n_claims"] != expected,
        "n_claims",
        "events-joined",
        lambda row: f"the table event_claims has {expected.iloc[row]}",
    )


CROSS_RULES = (references_exist, articles_hold, spans_hold, spans_complete, values_grounded, events_joined)
