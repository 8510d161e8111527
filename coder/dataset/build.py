"""Input files to a released dataset: read, code, validate, sort, write; bounded, resumable, deterministic.

The input is cut into chunks whose runs are kept on disk under a name that holds a hash of all that they
depend on; a build that was killed takes up the runs that it finds. The runs are then merged into sorted
tables. What is written depends on the input, the knowledge and the version alone.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from coder import codebook
from coder.dataset.chunk import Chunk, Counts
from coder.dataset.linked import Linker, linked_tables
from coder.dataset.manifest import TableFacts, input_facts, package_version, write_manifest
from coder.dataset.runs import merge
from coder.dataset.store import check_target, locked, release, whole_folder, working_folder
from coder.dataset.tables import TABLES, arrow_schema
from coder.dataset.workers import Engine, Task, run_tasks
from coder.errors import UserError
from coder.model import Article, Reject
from coder.paths import schemas_dir

GROUP_ROWS = {"articles": 1_024, "claims": 16_384, "evidence": 65_536}
"""Rows of a Parquet row group; part of what the bytes of a release depend on."""

OTHER_GROUP_ROWS = 16_384

CHUNK_FIRST, CHUNK_MOST = 16, 512
"""Articles of the first and the largest chunk: small ones busy all processes early, large ones are cheap."""

Records = Iterable[Article | Reject]
Progress = Callable[[Counts], None]


class BuildError(UserError):
    """The build cannot be done as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a build runs.

    ``outlet`` and ``published`` fill what an article lacks, ``overlays`` are folders laid over the built-in
    data, ``workers`` 0 means one process for each core, ``resume`` takes up a build that was cut short.
    """

    outlet: str | None = None
    published: date | None = None
    overlays: tuple[Path, ...] = ()
    workers: int = 0
    resume: bool = False

    def processes(self) -> int:
        """Processes to use: as many as named, else one for each core."""
        return self.workers or len(os.sched_getaffinity(0))


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: its folder, its counts, and the runs that were taken up from a build cut short."""

    out: Path
    counts: Counts
    resumed: int


@cache
def load_knowledge(overlays: tuple[Path, ...]) -> Any:
    """The built-in knowledge with folders laid over it, once a process."""
    from coder.knowledge import Knowledge

    return Knowledge.load(overlays)


def default_engine(overlays: tuple[Path, ...]) -> Engine:
    """This package's own coder."""
    from coder.coding.code import code_article

    return Engine(code_article, load_knowledge, overlays)


def read_records(inputs: Sequence[Path], options: Options) -> Iterator[Article | Reject]:
    """The records of the input files, in the order of their sorted paths."""
    from coder.paths import data_dir
    from coder.reading import Defaults, Limits, load_roles, read

    defaults = Defaults(outlet=options.outlet, published=options.published)
    return read(inputs, defaults, Limits(), load_roles([data_dir(), *options.overlays]))


def input_files(inputs: Sequence[Path]) -> list[Path]:
    """Every file named or below a folder named, hidden ones left out, sorted."""
    files: set[Path] = set()
    for path in inputs:
        if path.is_dir():
            below = (file.relative_to(path) for file in path.rglob("*") if file.is_file())
            files |= {path / file for file in below if not any(part.startswith(".") for part in file.parts)}
        else:
            files.add(path)
    return sorted(files)


def build(
    inputs: Sequence[Path],
    out: Path,
    options: Options = DEFAULTS,
    engine: Engine | None = None,
    link: Linker | None = None,
    progress: Progress = lambda counts: None,
) -> Report:
    """Build the dataset of ``inputs`` in the folder ``out``, which appears whole or not at all.

    Raises BuildError for a missing input, StoreError where ``out`` cannot be written, and what loading the
    knowledge raises; what is wrong with a single record becomes a reject.
    """
    for path in inputs:
        if not path.exists():
            raise BuildError(f"{path}: no such file or folder; check the name")
    check_target(out)
    engine = engine or default_engine(options.overlays)
    salt = _salt(engine)
    work = working_folder(out)
    if not options.resume:
        _clear(work)
    with locked(work):
        runs: list[Path] = []
        counts, resumed = Counts(), 0
        for run, result, taken_up in _runs(read_records(inputs, options), work, salt, engine, options):
            runs.append(run)
            counts += result
            resumed += taken_up
            progress(counts)
        if not counts.balanced():
            raise AssertionError(f"records or claims were lost: {counts}")
        with whole_folder(work / "release") as folder:
            _write_release(folder, runs, work / "merging", link, counts, salt, inputs)
        release(work / "release", out)
        shutil.rmtree(work)
    return Report(out, counts, resumed)


def _clear(work: Path) -> None:
    if work.exists():
        with locked(work):
            shutil.rmtree(work)


def _salt(engine: Engine) -> dict[str, str]:
    """All that coded rows depend on beside the articles: versions, knowledge, schemas, coding function."""
    schemas = hashlib.sha256()
    for table in TABLES:
        schemas.update((schemas_dir() / f"{table}.yaml").read_bytes())
    return {
        "coder": package_version(),
        "codebook": codebook.codebook().version,
        "code": f"{getattr(engine.code, '__module__', '')}.{getattr(engine.code, '__qualname__', '')}",
        "knowledge": str(engine.load(engine.overlays).hash),
        "pyarrow": pa.__version__,
        "schemas": schemas.hexdigest(),
    }


def _chunks(records: Records) -> Iterator[Chunk]:
    source = iter(records)
    first, size = 0, CHUNK_FIRST
    while taken := tuple(islice(source, size)):
        yield Chunk(tuple(range(first, first + len(taken))), taken)
        first += len(taken)
        size = min(size * 2, CHUNK_MOST)


def _runs(
    records: Records, work: Path, salt: dict[str, str], engine: Engine, options: Options
) -> Iterator[tuple[Path, Counts, bool]]:
    """The runs of all chunks, each with its counts and whether it was there already."""
    folder = work / "runs"
    folder.mkdir(exist_ok=True)
    there: set[Path] = set()

    def tasks() -> Iterator[Task]:
        for chunk in _chunks(records):
            run = folder / f"{chunk.places[0]:012d}-{chunk.digest(str(salt))}"
            if run.is_dir():
                there.add(run)
            yield Task(chunk, run)

    for task, counts in run_tasks(tasks(), engine, options.processes()):
        yield task.folder, counts, task.folder in there


def _write_release(
    folder: Path,
    runs: Sequence[Path],
    scratch: Path,
    link: Linker | None,
    counts: Counts,
    salt: dict[str, str],
    inputs: Sequence[Path],
) -> None:
    facts = {}
    for name in ("articles", "claims", "evidence"):
        facts[name] = _write_table(folder, name, merge(runs, name, GROUP_ROWS[name], scratch))
    linked, turned_back = linked_tables(link, folder)
    for name, table in linked.items():
        facts[name] = _write_table(folder, name, table.combine_chunks().to_batches(OTHER_GROUP_ROWS))
    rejects = chain(turned_back.to_batches(), merge(runs, "rejects", OTHER_GROUP_ROWS, scratch))
    facts["rejects"] = _write_table(folder, "rejects", rejects)
    content = {
        "format": 1,
        "versions": salt,
        "inputs": input_facts(input_files(inputs)),
        "counts": asdict(counts),
        "tables": {name: fact.as_json() for name, fact in sorted(facts.items())},
    }
    write_manifest(folder / "manifest.json", content)


def _write_table(folder: Path, name: str, batches: Iterable[pa.RecordBatch]) -> TableFacts:
    """Write one table as Parquet and as CSV."""
    facts = TableFacts()
    schema = arrow_schema(name)
    parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
    with (
        pq.ParquetWriter(parquet, schema, compression="zstd") as parquet_writer,
        pacsv.CSVWriter(csv, schema) as csv_writer,
    ):
        for batch in batches:
            facts.add(batch)
            parquet_writer.write_batch(batch)
            csv_writer.write_batch(batch)
    return facts
