"""Near-duplicate articles: the same wire in ten papers is one text."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coder.linking.accounts import Bools, Rows, batches
from coder.linking.cluster import components

ALIKE = 0.6
"""Share of word sequences in common (Jaccard, estimated) from which two texts are copies."""

SHINGLE = 4
"""Words in a sequence."""

PERMUTATIONS = 64
BAND = 4
"""Hash values that must all be equal for two texts to be compared."""

_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("article_id", "outlet", "text")] + [("published", pa.date32())]
)


class ArticleFacts(NamedTuple):
    """What linking needs of an article; ``copies`` is the number of its group of near-duplicates."""

    outlet: str | None
    published: date | None
    copies: int


def read_articles(articles: Rows) -> dict[str, ArticleFacts]:
    """The facts of every article by its id; the order of the input does not matter.

    Texts are held one batch at a time; an article without text is no copy of any.
    """
    rows: list[tuple[str, str | None, date | None]] = []
    signatures: list[NDArray[np.uint32]] = []
    for batch in batches(articles, _SCHEMA):
        head = (batch[name].to_pylist() for name in ("article_id", "outlet", "published"))
        rows.extend(zip(*head, strict=True))
        signatures.append(_signatures(batch["text"]))
    if not rows:
        return {}
    order = sorted(range(len(rows)), key=lambda n: rows[n][0])
    group = _groups(np.concatenate(signatures)[order])
    return {
        rows[n][0]: ArticleFacts(rows[n][1], rows[n][2], copies)
        for n, copies in zip(order, group.tolist(), strict=True)
    }


def _signatures(texts: pa.Array) -> NDArray[np.uint32]:
    """A MinHash signature a row; all zeros for a text of fewer words than a sequence."""
    from datasketch import MinHash

    blank = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
    out = np.zeros((len(texts), PERMUTATIONS), dtype=np.uint32)
    for n, text in enumerate(pc.utf8_lower(texts).to_pylist()):
        words = (text or "").split()
        if len(words) >= SHINGLE:
            sequences = {" ".join(words[k : k + SHINGLE]) for k in range(len(words) - SHINGLE + 1)}
            minhash = blank.copy()
            minhash.update_batch([zlib.crc32(sequence.encode()) for sequence in sorted(sequences)])
            out[n] = minhash.hashvalues
    return out


def _groups(signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The lowest row that each row is a copy of, by banding and then the estimated likeness."""
    pairs: list[NDArray[np.int64]] = []
    written = signatures.any(axis=1)
    for band in range(0, PERMUTATIONS, BAND):
        part = np.ascontiguousarray(signatures[:, band : band + BAND])
        key = part.view([("", part.dtype)] * BAND).ravel()
        order = np.argsort(key, kind="stable")
        order = order[written[order]]
        equal = np.flatnonzero(key[order[1:]] == key[order[:-1]])
        pairs.append(np.stack([order[equal], order[equal + 1]]))
    left, right = np.unique(np.concatenate(pairs, axis=1), axis=1)
    equal_values = np.asarray(signatures[left] == signatures[right])
    alike: Bools = np.asarray(equal_values.mean(axis=1) >= ALIKE)
    return components(len(signatures), left[alike], right[alike])


def copies_of(facts: Mapping[str, ArticleFacts], article_ids: list[str]) -> NDArray[np.int64]:
    """The group of copies of each article named; articles that are not given are copies of none."""
    lone: dict[str, int] = {}
    out = np.empty(len(article_ids), dtype=np.int64)
    for n, name in enumerate(article_ids):
        known = facts.get(name)
        out[n] = known.copies if known else lone.setdefault(name, -1 - len(lone))
    return out
