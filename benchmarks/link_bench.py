"""How well and how fast claims are linked: on made claims whose events are known, and on labelled gold.

python -m benchmarks.link_bench --claims 100000
python -m benchmarks.link_bench --gold ar_dev en_dev
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.link_claims import ARTICLES, generate
from coder.linking import link


def pairwise(found: Sequence[str], true: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the pairs of claims that are put into one event."""

    def pairs(counts: Counter[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    both = pairs(Counter(zip(found, true, strict=True)))
    return _f1(both, pairs(Counter(found)), both, pairs(Counter(true)))


def b_cubed(found: Sequence[str], true: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 averaged over the claims."""
    both, of_found, of_true = Counter(zip(found, true, strict=True)), Counter(found), Counter(true)
    n = len(found)
    right = sum(count * count / of_found[f] for (f, _), count in both.items())
    whole = sum(count * count / of_true[t] for (_, t), count in both.items())
    return _f1(right, n, whole, n)


def _f1(right: float, found: float, hit: float, true: float) -> tuple[float, float, float]:
    precision, recall = right / found if found else 1.0, hit / true if true else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def gold_claims(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """The claims of a gold set as rows of the tables, its articles, and the event of each claim.

    A place that the gazetteer lacks is known by its name alone: the gold has no coordinates.
    """
    from benchmarks.gold import articles, gold
    from coder.coding.places.geocoder import OfflineGazetteer

    geocoder = OfflineGazetteer()
    read = list(articles(name))
    outlets = {article.article_id: article.outlet for article in read}
    named = _canonical()
    rows, labels = [], []
    for article_id, claims in gold(name).items():
        for n, claim in enumerate(claims, 1):
            if claim["modality"] not in ("asserted", "denied"):
                continue
            found = geocoder.geocode(claim["location"], country=claim["country"]) if claim["location"] else None
            place = (found or geocoder.geocode(claim["country"])).raw
            rows.append(
                {
                    **{
                        k: claim[k]
                        for k in (
                            "modality",
                            "claimant_type",
                            "claimant_side",
                            "responsibility",
                            "sub_event_type",
                            "country",
                            "start",
                            "end",
                        )
                    },
                    "claim_id": f"{article_id}:{n}",
                    "article_id": article_id,
                    "kind": "event",
                    "source_claimant": named(claim["claimant_text"]) or None,
                    "source_outlet": claim["outlet"] or outlets[article_id],
                    "actor1": claim["actor1"] or None,
                    "inter1": claim["inter1"] or 0,
                    "actor2": claim["actor2"] or None,
                    "inter2": claim["inter2"] or 0,
                    "location": claim["location"] or claim["country"],
                    "geo_precision": claim["geo_precision"] if found else 3,
                    "place_id": found and place["place_id"],
                    "admin1": place["admin1"] if found else None,
                    **{key: place[key] for key in ("iso", "region", "latitude", "longitude")},
                    "date_start": date.fromisoformat(claim["date_start"]),
                    "date_end": date.fromisoformat(claim["date_end"]),
                    "fatalities_best": claim["fat_low"],
                    "fatalities_low": claim["fat_low"],
                    "fatalities_high": claim["fat_high"],
                    "fatalities_estimated": claim["fat_estimated"],
                    "injured_low": claim["inj_low"],
                }
            )
            labels.append(f"{article_id} {claim['event']}")
    texts = [{"article_id": a.article_id, "outlet": a.outlet, "published": a.published, "text": a.text} for a in read]
    return rows, texts, labels


def _canonical() -> Callable[[str], str]:
    """A function from the words that name a source to its canonical name, where the data know one."""
    from coder.knowledge.sources import read_sources
    from coder.language import LANGUAGES, TOKEN
    from coder.paths import data_dir

    def folded(text: str, language: str) -> str:
        words = (LANGUAGES[language].fold(token) for token in TOKEN.findall(text))
        return f" {' '.join(word.removeprefix('ال') for word in words)} "

    known = {
        folded(word, language): source.name
        for source in read_sources([data_dir()])
        for names in (source.names, source.ambiguous)
        for language, words in names.items()
        for word in words
    }

    def named(text: str) -> str:
        language = "ar" if any("\u0620" <= c <= "\u06ff" for c in text) else "en"
        found = [name for name in known if name in folded(text, language)]
        return known[max(found, key=len)] if found else text

    return named


def events_of(claims: Sequence[str], joined: pa.Table) -> list[str]:
    """The event that each claim was linked to; a claim in none stands alone."""
    event = dict(zip(joined["claim_id"].to_pylist(), joined["event_id_cnty"].to_pylist(), strict=True))
    return [event.get(claim, f"none {claim}") for claim in claims]


def within_articles(claims: Sequence[str], found: Sequence[str]) -> list[str]:
    """Found events cut at the articles' borders: gold labels say nothing of pairs across articles."""
    return [f"{claim.rpartition(':')[0]} {event}" for claim, event in zip(claims, found, strict=True)]


def _report(name: str, found: Sequence[str], true: Sequence[str], **more: Any) -> None:
    scores = {"pairwise": pairwise(found, true), "b_cubed": b_cubed(found, true)}
    shown = {
        kind: dict(zip(("p", "r", "f1"), (round(x, 4) for x in values), strict=True)) for kind, values in scores.items()
    }
    print(
        json.dumps(
            {
                "set": name,
                "claims": len(found),
                "events": len(set(found)),
                "true": len(set(true)),
                **shown,
                **more,
            }
        )
    )


def measure(folder: Path) -> tuple[float, float, int]:
    """Link the tables of a folder, as a build does: seconds by the clock and the processor, megabytes."""
    start = time.perf_counter()
    claims, articles = (
        pq.ParquetFile(folder / f"{name}.parquet").iter_batches(4096) for name in ("claims", "articles")
    )
    result = link(claims, articles)
    seconds, busy = round(time.perf_counter() - start, 1), round(time.process_time(), 1)
    pq.write_table(result.event_claims, folder / "event_claims.parquet")
    return seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure and print one JSON line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=0)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gold", nargs="*", default=[])
    args = parser.parse_args()
    if args.claims:
        made = generate(args.claims, seed=args.seed, days=args.days)
        with TemporaryDirectory() as name:
            folder = Path(name)
            pq.write_table(made.claims, folder / "claims.parquet")
            with pq.ParquetWriter(folder / "articles.parquet", ARTICLES) as writer:
                for batch in made.article_batches():
                    writer.write_batch(batch)
            claims, labels = made.claims["claim_id"].to_pylist(), made.labels
            del made
            with get_context("spawn").Pool(1) as pool:
                seconds, busy, peak = pool.apply(measure, (folder,))
            found = events_of(claims, pq.read_table(folder / "event_claims.parquet"))
        _report("made", found, labels, seconds=seconds, cpu_seconds=busy, peak_mb=peak)
    for name in args.gold:
        rows, texts, true = gold_claims(name)
        claim_ids = [row["claim_id"] for row in rows]
        result = link(rows, texts)
        whole = events_of(claim_ids, result.event_claims)
        _report(name, within_articles(claim_ids, whole), true)


if __name__ == "__main__":
    main()
