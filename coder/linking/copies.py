"""Near-duplicate articles: the same wire in ten papers is one text."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coder.linking.accounts import Rows, batches
from coder.linking.cluster import components

ALIKE = 0.6
"""Share of word sequences in common (Jaccard, estimated) from which two texts are copies."""

SHINGLE = 4
"""Words in a sequence."""

PERMUTATIONS = 64
BAND = 4
"""Hash values that must all be equal for two texts to be compared."""

# Odd numbers that spread several values over 64 bits; what they confuse in a band, the likeness tells apart.
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)

_SCHEMA = pa.schema([(name, pa.string()) for name in ("article_id", "outlet", "text")] + [("published", pa.date32())])


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
            minhash = blank.copy()
            minhash.update_batch(_sequences(words))
            out[n] = minhash.hashvalues
    return out


def _sequences(words: Sequence[str]) -> list[int]:
    """A number of 32 bits for every sequence of words that the text holds."""
    hashes = np.array([_hash(word) for word in words], dtype=np.uint64)
    count = len(words) - SHINGLE + 1
    mixed = sum(hashes[k : k + count] * _MIX[k] for k in range(SHINGLE))
    numbers: list[int] = np.unique(np.asarray(mixed) >> np.uint64(32)).tolist()
    return numbers


@lru_cache(maxsize=65_536)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())


def _groups(signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The lowest row that each row is a copy of, by banding and then the estimated likeness."""
    pairs: list[NDArray[np.int64]] = []
    written = np.flatnonzero(signatures.any(axis=1))
    for band in range(0, PERMUTATIONS, BAND):
        key = signatures[written, band : band + BAND].astype(np.uint64) @ _MIX
        order = np.argsort(key, kind="stable")
        equal = np.flatnonzero(key[order[1:]] == key[order[:-1]])
        pairs.append(np.stack([written[order[equal]], written[order[equal + 1]]]))
    joined: NDArray[np.int64] = np.unique(np.concatenate(pairs, axis=1), axis=1)
    left, right = joined[0], joined[1]
    shared = np.count_nonzero(signatures[left] == signatures[right], axis=1)
    alike = shared >= ALIKE * PERMUTATIONS
    return components(len(signatures), left[alike], right[alike])


def copies_of(facts: Mapping[str, ArticleFacts], article_ids: list[str]) -> NDArray[np.int64]:
    """The group of copies of each article named; articles that are not given are copies of none."""
    lone: dict[str, int] = {}
    out = np.empty(len(article_ids), dtype=np.int64)
    for n, name in enumerate(article_ids):
        known = facts.get(name)
        out[n] = known.copies if known else lone.setdefault(name, -1 - len(lone))
    return out
