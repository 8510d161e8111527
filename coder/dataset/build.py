"""Input files to a released dataset: read, code, validate, sort, write; bounded, resumable, deterministic.

The input is cut into chunks whose runs are kept on disk under a name that holds a hash of all that they
depend on; a build that was killed takes up the runs that it finds. What a former release holds unchanged is
taken over. The runs are then merged into sorted tables. What is written depends on the input, the knowledge
and the version alone.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from coder import codebook
from coder.dataset.assemble import write_release
from coder.dataset.bounds import Bounds
from coder.dataset.chunk import Chunk, Counts, Record
from coder.dataset.linked import Linker
from coder.dataset.manifest import input_facts, package_version
from coder.dataset.pages import load_role_rules, open_page
from coder.dataset.shards import Shard, read_parts, write_part
from coder.dataset.store import check_target, locked, release, whole_folder, working_folder
from coder.dataset.tables import TABLES
from coder.dataset.workers import Engine, Task, run_tasks
from coder.errors import UserError
from coder.model import Article
from coder.paths import schemas_dir
from coder.reading import Defaults, Limits, Page, read_unopened

if TYPE_CHECKING:
    from coder.dataset.former import Former

CHUNK_FIRST, CHUNK_MOST = 16, 512
"""Articles of the first and the largest chunk: small ones busy all processes early, large ones are cheap."""

CHUNK_CHARS = 4_000_000
"""Characters of text from which a chunk takes no more articles, so that long ones do not fill the memory."""

Progress = Callable[[Counts], None]
Finish = Callable[[Path], None]
"""What is done with the folder of a release before it appears."""


class BuildError(UserError):
    """The build cannot be done as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a build runs.

    ``outlet`` and ``published`` fill what an article lacks, ``overlays`` are folders laid over the built-in
    data, ``workers`` 0 means one process for each core and 1 this very process, ``resume`` takes up a build
    that was cut short, ``afresh`` codes again what a former release holds unchanged, ``shard`` codes a part
    of the input only, ``limits`` bound what is read and ``bounds`` what one article may take of the coder.
    """

    outlet: str | None = None
    published: date | None = None
    overlays: tuple[Path, ...] = ()
    workers: int = 0
    resume: bool = False
    afresh: bool = False
    shard: Shard | None = None
    limits: Limits = field(default_factory=Limits)
    bounds: Bounds = field(default_factory=Bounds)

    def processes(self) -> int:
        """Processes to use: as many as named, else one for each core."""
        return self.workers or len(os.sched_getaffinity(0))


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: its folder and counts, the runs taken up from a build cut short, the articles taken
    over from a former release."""

    out: Path
    counts: Counts
    resumed: int
    taken_over: int = 0


@cache
def load_knowledge(overlays: tuple[Path, ...]) -> Any:
    """The built-in knowledge with folders laid over it, once a process."""
    from coder.knowledge import Knowledge

    loaded = Knowledge.load(overlays)
    gc.freeze()  # it stays to the end: no search for garbage need walk through it
    return loaded


def default_engine(overlays: tuple[Path, ...]) -> Engine:
    """This package's own coder."""
    from coder.coding.code import code_article

    return Engine(code_article, load_knowledge, overlays)


def read_records(inputs: Sequence[Path], options: Options) -> Iterator[Record]:
    """The records of the input files, in the order of their sorted paths."""
    for record in unopened_records(inputs, options):
        if isinstance(record, Page):
            yield open_page(record, options.overlays, options.bounds, hard=False)
        else:
            yield record


def unopened_records(inputs: Sequence[Path], options: Options) -> Iterator[Record | Page]:
    """As ``read_records``, but the pages of web archives are not taken apart yet."""
    defaults = Defaults(outlet=options.outlet, published=options.published)
    return read_unopened(inputs, defaults, options.limits, load_role_rules(options.overlays))


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
    finish: Finish = lambda folder: None,
    check: Finish = lambda folder: None,
) -> Report:
    """Build the dataset of ``inputs`` in the folder ``out``, which appears whole or not at all.

    ``finish`` may add to the folder of a release before it appears; ``check`` may refuse the finished one by an
    exception: ``out`` stays as it was, and what is coded is kept. With ``options.shard`` the folder is a part, for
    ``merge_parts``, and neither is called. Raises BuildError for a missing input, StoreError where ``out`` cannot be
    written, and what loading the knowledge raises; what is wrong with a single record becomes a reject.
    """
    for path in inputs:
        if not path.exists():
            raise BuildError(f"{path}: no such file or folder; check the name")
    from coder.dataset.former import open_former  # late: it loads pandas

    check_target(out)
    engine = replace(engine or default_engine(options.overlays), bounds=options.bounds)
    origin = made_by(engine)
    work = working_folder(out)
    if not options.resume:
        _clear(work)
    with locked(work):
        former = None if options.afresh or options.shard else open_former(out, origin)
        with closing(former) if former else nullcontext():
            runs, counts, resumed = _coded(inputs, work, origin, engine, options, former, progress)
            taken_over = former.counts() if former else Counts()
            if former and taken_over.articles:
                former.write_run(work / "former")
                runs.append(work / "former")
        counts += taken_over
        if not counts.balanced():
            raise AssertionError(f"records or claims were lost: {counts}")
        facts = input_facts(input_files(inputs))
        with whole_folder(work / "release") as folder:
            if options.shard:
                write_part(folder, runs, work / "merging", options.shard, counts, origin, facts)
            else:
                write_release(folder, runs, work / "merging", link, counts, origin, facts)
                finish(folder)
        if not options.shard:
            check(work / "release")
        release(work / "release", out)
        shutil.rmtree(work)
    return Report(out, counts, resumed, taken_over.articles)


def merge_parts(
    folders: Sequence[Path],
    out: Path,
    link: Linker | None = None,
    finish: Finish = lambda folder: None,
    check: Finish = lambda folder: None,
) -> Report:
    """Make the release of all parts of a build, the same as one build gives, ``finish`` and ``check`` included.

    Raises ShardError where the parts are not all parts of one build, StoreError where ``out`` cannot be
    written.
    """
    parts = read_parts(folders)
    check_target(out)
    work = working_folder(out)
    _clear(work)
    with locked(work):
        with whole_folder(work / "release") as folder:
            scratch = work / "merging"
            write_release(folder, parts.folders, scratch, link, parts.counts, parts.made_by, parts.inputs)
            finish(folder)
        check(work / "release")
        release(work / "release", out)
        shutil.rmtree(work)
    return Report(out, parts.counts, 0)


def _clear(work: Path) -> None:
    if work.exists():
        with locked(work):
            shutil.rmtree(work)


def made_by(engine: Engine) -> dict[str, Any]:
    """What coded rows depend on beside the articles, as the manifest gives it."""
    return {"versions": _versions(engine), "limits": asdict(engine.bounds)}


def _versions(engine: Engine) -> dict[str, str]:
    """All that coded rows depend on beside the articles: versions, knowledge, schemas, coding function."""
    schemas = hashlib.sha256()
    for table in TABLES:
        schemas.update((schemas_dir() / f"{table}.yaml").read_bytes())
    return {
        "coder": package_version(),
        "codebook": codebook.codebook().version,
        "code": f"{getattr(engine.code, '__module__', '')}.{getattr(engine.code, '__qualname__', '')}",
        "knowledge": str(engine.load(engine.overlays).hash),
        "program": program_hash(),
        "pyarrow": pa.__version__,
        "schemas": schemas.hexdigest(),
    }


@cache
def program_hash() -> str:
    """SHA-256 over this package's modules: the rows of another program are not taken over."""
    package = Path(codebook.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        whole.update(path.relative_to(package).as_posix().encode() + b"\0")
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _coded(
    inputs: Sequence[Path],
    work: Path,
    origin: dict[str, Any],
    engine: Engine,
    options: Options,
    former: Former | None,
    progress: Progress,
) -> tuple[list[Path], Counts, int]:
    """The runs of all that must be coded, their counts, and how many of them were there already."""
    records: Iterator[tuple[int, Record | Page]] = enumerate(unopened_records(inputs, options))
    if options.shard:
        records = options.shard.take(records)
    if former:
        records = _left_over(records, former)
    runs: list[Path] = []
    counts, resumed = Counts(), 0
    for run, result, taken_up in _runs(records, work, origin, engine, options):
        runs.append(run)
        counts += result
        resumed += taken_up
        progress(counts)
    return runs, counts, resumed


def _left_over(records: Iterator[tuple[int, Record | Page]], former: Former) -> Iterator[tuple[int, Record | Page]]:
    """The records that a former release does not hold unchanged."""
    for place, record in records:
        if not (isinstance(record, Article) and former.take_over(record)):
            yield place, record


def _chunks(records: Iterator[tuple[int, Record | Page]]) -> Iterator[Chunk]:
    size = CHUNK_FIRST
    while taken := tuple(_taken(records, size)):
        places, some = zip(*taken, strict=True)
        yield Chunk(places, some)
        size = min(size * 2, CHUNK_MOST)


def _taken(records: Iterator[tuple[int, Record | Page]], size: int) -> Iterator[tuple[int, Record | Page]]:
    characters = 0
    for place, record in islice(records, size):
        yield place, record
        characters += _size(record)
        if characters >= CHUNK_CHARS:
            return


def _size(record: Record | Page) -> int:
    if isinstance(record, Article):
        return len(record.text)
    return len(record.html) if isinstance(record, Page) else 0


def _runs(
    records: Iterator[tuple[int, Record | Page]],
    work: Path,
    origin: dict[str, Any],
    engine: Engine,
    options: Options,
) -> Iterator[tuple[Path, Counts, bool]]:
    """The runs of all chunks, each with its counts and whether it was there already."""
    folder = work / "runs"
    folder.mkdir(exist_ok=True)
    there: set[Path] = set()

    def tasks() -> Iterator[Task]:
        for chunk in _chunks(records):
            run = folder / f"{chunk.places[0]:012d}-{chunk.digest(str(origin))}"
            if run.is_dir():
                there.add(run)
            yield Task(chunk, run)

    for task, counts in run_tasks(tasks(), engine, options.processes(), here=options.workers == 1):
        yield task.folder, counts, task.folder in there
