"""``make bench``: how fast and how large each stage is, on the same articles in one run, beside the floor.

The floor is what any coder must do: parse JSONL, fold, one scan of the gazetteer's names with an automaton,
rows to Arrow and Parquet. Rates are articles a second of processor time, so that what else the machine does
counts little; only the gain by workers is of time on the clock. The articles are those of a folder of corpora
if one is there, else the sample's, varied so that no two are the same.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import multiprocessing
import os
import pstats
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLE = ROOT / "data" / "sample" / "articles"
WORDS = 400
"""Words of the article that a rate is also given for: corpora differ in the length of their articles."""


def corpus(count: int) -> list[dict[str, Any]]:
    """``count`` articles as records, repeated with other identifiers where there are fewer."""
    found = list(_records())
    if not found:
        raise SystemExit(f"no articles in {CORPUS} or {SAMPLE}")
    out = []
    for n in range(count):
        record = dict(found[n % len(found)])
        turn = n // len(found)
        record["article_id"] = f"{n:07d}"
        record["text"] = record["text"] + (f"\n{turn}" if turn else "")
        out.append(record)
    return out


def _records() -> Iterator[dict[str, Any]]:
    if CORPUS.is_dir():
        for path in sorted(CORPUS.glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from map(json.loads, lines)
        return
    from coder.dataset.build import DEFAULTS, read_records
    from coder.model import Article

    for article in read_records([SAMPLE], DEFAULTS) if SAMPLE.is_dir() else ():
        if isinstance(article, Article):
            text = article.text[len(article.title or "") :].strip()
            published = str(article.published) if article.published else None
            yield {"outlet": article.outlet, "title": article.title, "published": published, "text": text}


def write_jsonl(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    """Write records as JSONL."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


class Measured:
    """What a stage took: seconds on the clock and of the processors, and the most MiB that a process held."""

    def __init__(self, clock_s: float, seconds: float, peak_mb: float, result: Any) -> None:
        self.clock_s, self.seconds, self.peak_mb, self.result = clock_s, seconds, peak_mb, result


def _used() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _child(pipe: Any, stage: Callable[[], Callable[[], Any]]) -> None:
    run = stage()
    begin, used = time.perf_counter(), _used()
    result = run()
    seconds, used = time.perf_counter() - begin, _used() - used
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pipe.send((seconds, used, max(own, children) / 1024, result))


def measure(stage: Callable[[], Callable[[], Any]]) -> Measured:
    """Prepare a stage and run it in a process of its own; preparing is not measured."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, stage))
    process.start()
    theirs.close()
    try:
        return Measured(*ours.recv())
    finally:
        process.join()


def floor(path: Path, folder: Path) -> Callable[[], int]:
    """Parse, fold, scan once, write."""
    import ahocorasick_rs

    from coder.dataset.build import load_knowledge
    from coder.language import LANGUAGES

    names: dict[str, set[str]] = {code: set() for code in LANGUAGES}
    for code, name, _, _ in load_knowledge(()).gazetteer.names():
        if code in names:
            names[code].add(f" {LANGUAGES[code].fold(name)} ")
    longest = ahocorasick_rs.MatchKind.LeftmostLongest
    scanners = {code: ahocorasick_rs.AhoCorasick(sorted(some), matchkind=longest) for code, some in names.items()}

    def run() -> int:
        rows: list[tuple[str, int, int]] = []
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                text = f"{record['title']}\n{record['text']}"
                code = "ar" if sum("\u0600" <= c <= "\u06ff" for c in text[:200]) > 50 else "en"
                folded = f" {LANGUAGES[code].fold(text)} "
                found = scanners[code].find_matches_as_indexes(folded)
                rows.extend((record["article_id"], start, end) for _, start, end in found)
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        pq.write_table(pa.table(columns, names=["article_id", "start", "end"]), folder / "floor.parquet")
        return len(rows)

    return run


def _articles(path: Path) -> list[Any]:
    from coder.dataset.build import DEFAULTS, read_records
    from coder.model import Article

    return [record for record in read_records([path], DEFAULTS) if isinstance(record, Article)]


def reading(path: Path) -> Callable[[], int]:
    """Files to articles with the roles of their parts."""
    return lambda: len(_articles(path))


def batches(path: Path) -> Callable[[], int]:
    """``code_batch`` alone, with its words already looked up once, as in a long build."""
    from coder.coding.batch import articles_to_batch, code_batch
    from coder.dataset.build import load_knowledge

    knowledge = load_knowledge(())
    articles = _articles(path)
    made = [articles_to_batch(articles[n : n + 256]) for n in range(0, len(articles), 256)]
    for batch in made[:: max(1, len(made) // 4)]:
        code_batch(batch, knowledge)
    return lambda: sum(code_batch(batch, knowledge).num_rows for batch in made)


def building(path: Path, out: Path, workers: int, link: bool) -> Callable[[], int]:
    """The whole ``coder build``, from files to a released folder."""
    from coder.dataset.build import Options, build, default_engine, load_knowledge
    from coder.dataset.linker import linker

    engine = default_engine(())
    linking = linker(load_knowledge(())) if link else None
    options = Options(workers=workers, afresh=True)
    return lambda: build([path], out, options, engine, linking).counts.articles


def rebuilding(path: Path, out: Path) -> Callable[[], int]:
    """A build over a release in which nothing has changed."""
    from coder.dataset.build import Options, build, default_engine, load_knowledge
    from coder.dataset.linker import linker

    engine, linking = default_engine(()), linker(load_knowledge(()))
    return lambda: build([path], out, Options(workers=1), engine, linking).taken_over


def linking(out: Path) -> Callable[[], int]:
    """Claims to events."""
    from coder.dataset.build import load_knowledge
    from coder.dataset.linker import linker

    link = linker(load_knowledge(()))
    return lambda: int(link(out).tables["event_claims"].num_rows)


def validating(out: Path) -> Callable[[], int]:
    """``coder validate`` on the release."""
    from coder.dataset.files import open_dataset
    from coder.dataset.validate import validate

    def run() -> int:
        dataset = open_dataset([out])
        return len(validate(dataset.frames, 20))

    return run


def exporting(out: Path, folder: Path, to: str) -> Callable[[], int]:
    """``coder export`` to one format."""
    from typer.testing import CliRunner

    from coder.cli import app

    def run() -> int:
        arguments = ["export", str(out), "--to", to, "--out", str(folder / f"export.{to}")]
        return CliRunner().invoke(app, arguments).exit_code

    return run


def stages(path: Path) -> dict[str, float]:
    """Share of ``code_batch``'s time by module of the coder, in percent, by a profile of one pass."""
    from coder.coding.batch import articles_to_batch, code_batch
    from coder.dataset.build import load_knowledge

    knowledge = load_knowledge(())
    made = articles_to_batch(_articles(path)[:400])
    code_batch(made, knowledge)
    profile = cProfile.Profile()
    profile.runcall(code_batch, made, knowledge)
    times: dict[str, float] = {}
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT / "coder") else "libraries"
        times[name] = times.get(name, 0.0) + own
    whole = sum(times.values())
    ranked = sorted(times.items(), key=lambda item: -item[1])
    return {name: round(100 * seconds / whole, 1) for name, seconds in ranked[:14]}


def starting() -> dict[str, float]:
    """Seconds to start: the help, the compiled knowledge from its cache."""
    import subprocess
    import sys

    def best(code: str) -> float:
        times = []
        for _ in range(3):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
            times.append(time.perf_counter() - begin)
        return round(min(times), 3)

    load = "from coder.dataset.build import load_knowledge; load_knowledge(())"
    show = "import sys; sys.argv[1:] = ['--help']; from coder.cli import main; main()"
    return {"help_s": best(show), "knowledge_s": best(load)}


def bench(count: int, workers: int) -> dict[str, Any]:
    """Every figure, by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = corpus(count)
        path = write_jsonl(folder / "articles.jsonl", records)
        small = write_jsonl(folder / "warm.jsonl", records[:50])
        words = sum(len(r["text"].split()) for r in records) / count
        measure(partial(building, small, folder / "warm", 1, True))
        out = folder / "out"
        done = {
            "floor": measure(partial(floor, path, folder)),
            "read": measure(partial(reading, path)),
            "code_batch": measure(partial(batches, path)),
            "build_1": measure(partial(building, path, out, 1, False)),
            f"build_{workers}": measure(partial(building, path, folder / "out2", workers, False)),
            "build_linked": measure(partial(building, path, out, workers, True)),
            "rebuild": measure(partial(rebuilding, path, out)),
            "link": measure(partial(linking, out)),
            "validate": measure(partial(validating, out)),
        }  # fmt: skip
        exports = {to: measure(partial(exporting, out, folder, to)) for to in ("acled", "csv", "geojson")}
        figures = summary(done, count, words, workers)
        figures |= {f"export_{to}_s": round(m.seconds, 2) for to, m in exports.items() if m.result == 0}
        figures |= starting()
        figures["code_batch_profile_percent"] = stages(path)
    return figures


def summary(done: dict[str, Measured], count: int, words: float, workers: int) -> dict[str, Any]:
    """The named figures of what was measured."""
    floor_s = done["floor"].seconds
    figures: dict[str, Any] = {"articles": count, "words_per_article": round(words, 1), "workers": workers}
    for name, measured in done.items():
        figures[f"{name}_articles_per_s"] = round(count / measured.seconds, 1)
        figures[f"{name}_over_floor"] = round(measured.seconds / floor_s, 2)
        figures[f"{name}_peak_mb"] = round(measured.peak_mb)
    figures["build_articles_per_s"] = figures["build_1_articles_per_s"]
    coded_s = done["code_batch"].seconds
    figures["code_batch_400_word_articles_per_s"] = round(count * words / WORDS / coded_s, 1)
    figures["workers_speedup"] = round(done["build_1"].clock_s / done[f"build_{workers}"].clock_s, 2)
    figures["link_claims_per_s"] = round(done["link"].result / done["link"].seconds, 1)
    figures["peak_mb"] = max(round(measured.peak_mb) for measured in done.values())
    return figures


def table(figures: dict[str, Any]) -> str:
    """The figures as text: a row a stage, then the rest."""
    rows = [f"{'stage':<14}{'articles/s':>12}{'× floor':>10}{'peak MiB':>10}"]
    for name in (key.removesuffix("_over_floor") for key in figures if key.endswith("_over_floor")):
        rate, ratio = figures[f"{name}_articles_per_s"], figures[f"{name}_over_floor"]
        rows.append(f"{name:<14}{rate:>12,.0f}{ratio:>10.1f}{figures[f'{name}_peak_mb']:>10,}")
    shown = ("articles", "words_per_article", "code_batch_400_word_articles_per_s", "workers_speedup",
             "link_claims_per_s", "help_s", "knowledge_s")  # fmt: skip
    rows += [f"{name}: {figures[name]}" for name in shown]
    rows += [f"{name}: {value}" for name, value in figures.items() if name.startswith("export_")]
    rows += [f"  {share:>5}% {name}" for name, share in figures["code_batch_profile_percent"].items()]
    return "\n".join(rows)


def main() -> None:
    """Measure, print the table and write ``build/bench.json``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--articles", type=int, default=1_500)
    parser.add_argument("--workers", type=int, default=max(2, len(os.sched_getaffinity(0))))
    arguments = parser.parse_args()
    figures = bench(arguments.articles, arguments.workers)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(table(figures))


if __name__ == "__main__":
    main()
