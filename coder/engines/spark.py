"""A build on a Spark cluster: files read, coded and sorted by its workers, the release written by the driver.

Each article goes through the same function as on one machine, in a process of its own beside Spark's, so that an
article that hangs or kills it costs nothing but itself. The release is the same, byte for byte. Every worker needs
this package and the folders of ``--data`` under the same path, and all machines one folder for what is in between.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from coder.coding.batch import ARTICLES, articles_to_batch, batch_to_articles
from coder.dataset.assemble import GROUP_ROWS, OTHER_GROUP_ROWS, RUN_MADE, write_tables
from coder.dataset.build import BuildError, Finish, Options, Report, default_engine, made_by
from coder.dataset.chunk import Chunk, Counts
from coder.dataset.linked import Linker
from coder.dataset.manifest import file_hash
from coder.dataset.pages import load_role_rules
from coder.dataset.runs import RUN_TABLES, read_run, rebatched, run_schema
from coder.dataset.store import check_target, locked, release, whole_folder, working_folder
from coder.dataset.tables import arrow_schema
from coder.dataset.workers import Engine, Task, run_tasks
from coder.model import Article, Reject
from coder.reading import Defaults, Page, Settings, listed, read_file, repeated

CHUNK = 256
"""Articles that a worker codes at a time."""

BATCH = 64
"""Rows that go between Spark and Python at a time."""

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+(.*)", re.DOTALL)
_LISTINGS = (".paths", ".paths.gz")
_PLACE_BITS = 40
"""Bits of a record's place within its file; the file's number stands before them."""

_FILES = pa.schema([("number", pa.int64()), ("uri", pa.string()), ("source", pa.string())])
_FACTS = pa.schema([("file", pa.string()), ("bytes", pa.int64()), ("sha256", pa.string())])
_REJECT = pa.struct([(name, pa.string()) for name in ("record", "stage", "reason", "payload")])
_PAGE = pa.struct([("html", pa.binary()), ("charset", pa.string())])
_RECORDS = pa.schema([("key", pa.string()), ("place", pa.int64()), *ARTICLES, ("page", _PAGE), ("reject", _REJECT)])
_COUNTS = tuple(asdict(Counts()))


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker needs to know."""

    engine: Engine
    options: Options


def build_on_spark(
    inputs: Sequence[str],
    out: Path,
    options: Options,
    master: str | None = None,
    engine: Engine | None = None,
    link: Linker | None = None,
    between: str | None = None,
    finish: Finish = lambda folder: None,
    check: Finish = lambda folder: None,
) -> Report:
    """Build the dataset of ``inputs`` (files, folders, URIs, listings of them) in the folder ``out``.

    ``master`` is Spark's (None: that of ``spark-submit``), ``between`` a folder or URI that driver and workers
    share for what is in between (None: beside ``out``), ``finish`` may add to the release before it appears and
    ``check`` refuse it. Raises BuildError where an input is missing or Spark is not installed, StoreError where
    ``out`` cannot be written.
    """
    spark = _session(master)
    check_target(out)
    engine = replace(engine or default_engine(options.overlays), bounds=options.bounds)
    files = list_files(inputs)
    work = working_folder(out)
    shutil.rmtree(work, ignore_errors=True)
    with locked(work):
        shared = between or (work / "between").resolve().as_uri()
        counts = _coded(spark, files, Job(engine, options), shared)
        if not counts.balanced():
            raise AssertionError(f"records or claims were lost: {counts}")
        facts = _facts(spark, files)
        with whole_folder(work / "release") as folder:
            rows = {name: _sorted_rows(spark, shared, name) for name in RUN_TABLES}
            merged = {name: rebatched(rows[name], GROUP_ROWS[name]) for name in RUN_MADE}
            rejects = rebatched(rows["rejects"], OTHER_GROUP_ROWS)
            write_tables(folder, merged, rejects, link, counts, made_by(engine), facts)
            finish(folder)
        check(work / "release")
        release(work / "release", out)
        shutil.rmtree(work)
    return Report(out, counts, 0)


def _session(master: str | None) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BuildError("--engine spark needs PySpark: pip install 'coder[spark]'") from error
    builder = SparkSession.builder.appName("coder")
    if master:
        builder = builder.master(master)
    session = builder.getOrCreate()
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
    session.conf.set("spark.sql.adaptive.enabled", "true")
    return session


def as_uri(path: str) -> str:
    """An input as a URI that pyarrow's file systems know; Spark's ``s3a`` is ``s3`` there."""
    found = _URI.fullmatch(path)
    if not found:
        return Path(path).absolute().as_uri()
    scheme = found[1].lower().replace("s3a", "s3").replace("s3n", "s3")
    return f"{scheme}:///{found[2]}" if scheme == "file" else f"{scheme}://{found[2]}"


def list_files(inputs: Sequence[str]) -> list[tuple[int, str, str]]:
    """Every file with its number, its URI and the name that it is reported by, in the order of a plain build.

    A listing (``*.paths``, also packed) stands for the files that its lines name. Raises BuildError.
    """
    local = [Path(path) for path in inputs if not _URI.fullmatch(path) and not path.endswith(_LISTINGS)]
    for path in local:
        if not path.exists():
            raise BuildError(f"{path}: no such file or folder; check the name")
    found = [(source, path.absolute().as_uri()) for path, source in listed(local)]
    for text in inputs:
        if text.endswith(_LISTINGS):
            found += [(PurePosixPath(uri).name, uri) for uri in _lines(as_uri(text))]
        elif _URI.fullmatch(text):
            found += _remote(as_uri(text))
    return [(number, uri, source) for number, (source, uri) in enumerate(sorted(set(found)))]


def _lines(uri: str) -> Iterator[str]:
    """The URIs in a listing; a relative one lies in the listing's own folder."""
    with local_copy(uri) as path:
        packed = "gzip" if uri.endswith(".gz") else None
        with pa.input_stream(str(path), compression=packed) as stream:
            lines = stream.read().decode("utf-8").splitlines()
    for line in filter(None, map(str.strip, lines)):
        inner = _URI.fullmatch(line) or line.startswith("/")
        yield as_uri(line) if inner else f"{uri.rpartition('/')[0]}/{line}"


def _remote(uri: str) -> list[tuple[str, str]]:
    system, path = fs.FileSystem.from_uri(uri)
    info = system.get_file_info(path)
    if info.type == fs.FileType.NotFound:
        raise BuildError(f"{uri}: no such file or folder; check the name")
    if info.type == fs.FileType.File:
        return [(PurePosixPath(path).name, uri)]
    found = []
    for file in system.get_file_info(fs.FileSelector(path, recursive=True)):
        inner = PurePosixPath(file.path).relative_to(path)
        if file.type == fs.FileType.File and not any(part.startswith(".") for part in inner.parts):
            found.append((inner.as_posix(), f"{uri.rstrip('/')}/{inner.as_posix()}"))
    return found


@contextmanager
def local_copy(uri: str) -> Iterator[Path]:
    """The file of a URI under a path of this machine: itself, or a copy that is deleted behind the block."""
    system, path = fs.FileSystem.from_uri(uri)
    if isinstance(system, fs.LocalFileSystem):
        yield Path(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / PurePosixPath(path).name
        with system.open_input_stream(path, compression=None) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield copy


def _spark_schema(schema: pa.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


def _file_frame(spark: Any, files: Sequence[tuple[int, str, str]]) -> Any:
    """The files, each in a task of its own."""
    spread = max(1, min(len(files), 32 * spark.sparkContext.defaultParallelism))
    return spark.createDataFrame(list(files), _spark_schema(_FILES)).repartition(spread, "number")


def _facts(spark: Any, files: Sequence[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """Name, size and hash of every file, as the manifest of a plain build gives them."""
    if not files:
        return []
    rows = _file_frame(spark, files).mapInArrow(_file_facts, _spark_schema(_FACTS)).collect()
    facts = ({"file": row["file"], "bytes": row["bytes"], "sha256": row["sha256"]} for row in rows)
    return sorted(facts, key=lambda fact: (str(fact["file"]), str(fact["sha256"])))


def _file_facts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for uri in batch["uri"].to_pylist():
            with local_copy(uri) as path:
                fact = {"file": path.name, "bytes": path.stat().st_size, "sha256": file_hash(path)}
                yield pa.RecordBatch.from_pylist([fact], _FACTS)


def _coded(spark: Any, files: Sequence[tuple[int, str, str]], job: Job, shared: str) -> Counts:
    """Read and code all files; the rows of all tables, unsorted, lie in ``shared`` then."""
    if not files:
        return Counts()
    records = _file_frame(spark, files).mapInArrow(partial(_read, job), _spark_schema(_RECORDS))
    # Without a number Spark joins small partitions: each costs the start of a process that codes.
    ordered = records.repartition("key").sortWithinPartitions("key", "place")
    made = ordered.mapInArrow(partial(_code, job), _spark_schema(_made_schema()))
    made.write.mode("overwrite").parquet(f"{shared}/made")
    sums = spark.read.parquet(f"{shared}/made").selectExpr(*(f"sum(counts.{name}) as {name}" for name in _COUNTS))
    (row,) = sums.collect()
    return Counts(**{name: row[name] or 0 for name in _COUNTS})


def _made_schema() -> pa.Schema:
    """A row a chunk: its counts, and the keyed rows of each table as a list."""
    counts = pa.struct([(name, pa.int64()) for name in _COUNTS])
    lists = [(name, pa.list_(pa.struct(list(_loose(run_schema(name)))))) for name in RUN_TABLES]
    return pa.schema([("counts", counts), *lists])


def _loose(schema: pa.Schema) -> pa.Schema:
    """The schema without descriptions and with every column nullable, as Spark hands it back."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


def _read(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Files to records, in the workers; the pages of web archives stay packed."""
    options = job.options
    defaults = Defaults(options.outlet, options.published)
    settings = Settings(defaults, options.limits, load_role_rules(options.overlays))
    for batch in batches:
        for number, uri, source in zip(*(batch[name].to_pylist() for name in _FILES.names), strict=True):
            with local_copy(uri) as path:
                for n, record in enumerate(read_file(path, source, settings)):
                    yield _to_row(record, (number << _PLACE_BITS) + n)


def _to_row(record: Article | Page | Reject, place: int) -> pa.RecordBatch:
    row: dict[str, Any] = dict.fromkeys(_RECORDS.names)
    row["place"], row["source_file"] = place, record.source_file
    if isinstance(record, Reject):
        row["key"] = f"\x00{place}"
        row["reject"] = {name: getattr(record, name) for name in ("record", "stage", "reason", "payload")}
        return pa.RecordBatch.from_pylist([row], _RECORDS)
    row["key"] = record.article_id
    if isinstance(record, Page):
        row |= {"article_id": record.article_id, "url": record.url}
        row["page"] = {"html": record.html, "charset": record.charset}
    else:
        row |= articles_to_batch([record]).to_pylist()[0]
    return pa.RecordBatch.from_pylist([row], _RECORDS)


def _to_records(job: Job, batch: pa.RecordBatch) -> Iterator[tuple[int, Article | Page | Reject]]:
    """The records of a batch with their places."""
    options = job.options
    defaults = Defaults(options.outlet, options.published)
    plain = batch.select(ARTICLES.names)
    for n, row in enumerate(batch.select(["place", "article_id", "url", "source_file", "page", "reject"]).to_pylist()):
        source = row["source_file"]
        if row["reject"] is not None:
            yield row["place"], Reject(source, **row["reject"])
        elif row["page"] is not None:
            found = row["page"]
            yield (
                row["place"],
                Page(row["article_id"], row["url"], found["html"], found["charset"], source, defaults, options.limits),
            )
        else:
            yield row["place"], batch_to_articles(plain.slice(n, 1))[0]


def _code(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Records, sorted by identifier and place, to the rows of all tables, in the workers."""
    with tempfile.TemporaryDirectory() as folder:
        tasks = (Task(chunk, Path(folder) / _name(chunk)) for chunk in _chunks(job, batches))
        for task, counts in run_tasks(tasks, job.engine, workers=1):
            tables = read_run(task.folder)
            schema = _made_schema()
            lists = [_as_list(table, schema.field(name).type) for name, table in tables.items()]
            sums = pa.array([asdict(counts)], schema.field("counts").type)
            yield pa.RecordBatch.from_arrays([sums, *lists], schema=schema)
            shutil.rmtree(task.folder)


def _as_list(table: pa.Table, kind: pa.DataType) -> pa.ListArray:
    """A table as a column of one row: the list of its rows."""
    columns = [column.combine_chunks() for column in table.columns]
    rows = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array([0, table.num_rows], pa.int32()), rows, type=kind)


def _name(chunk: Chunk) -> str:
    return hashlib.sha256(str(chunk.places).encode()).hexdigest()


def _chunks(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[Chunk]:
    held: list[tuple[int, Article | Page | Reject]] = []
    last: tuple[str, str] | None = None
    for batch in batches:
        for place, record in _to_records(job, batch):
            if not isinstance(record, Reject):
                if last and last[0] == record.article_id:
                    record = repeated(record, last[1], job.options.limits)
                else:
                    last = (record.article_id, record.source_file or "")
            held.append((place, record))
            if len(held) == CHUNK:
                yield _chunk(held)
                held = []
    if held:
        yield _chunk(held)


def _chunk(held: Sequence[tuple[int, Article | Page | Reject]]) -> Chunk:
    places, records = zip(*held, strict=True)
    return Chunk(places, records)


def _sorted_rows(spark: Any, shared: str, name: str) -> Iterator[pa.Table]:
    """One table's rows in the order of a release, sorted by Spark, read back file by file."""
    system, path = fs.FileSystem.from_uri(f"{shared}/made")
    if system.get_file_info(path).type == fs.FileType.NotFound:
        return
    rows = spark.read.parquet(f"{shared}/made").selectExpr(f"inline({name})")
    rows.orderBy("_key", "_n").write.mode("overwrite").parquet(f"{shared}/{name}")
    system, path = fs.FileSystem.from_uri(f"{shared}/{name}")
    schema = arrow_schema(name)
    files = [file.path for file in system.get_file_info(fs.FileSelector(path))]
    for part in sorted(file for file in files if file.endswith(".parquet")):
        with system.open_input_file(part) as stream:
            for batch in pq.ParquetFile(stream).iter_batches(4_096, columns=schema.names):
                yield pa.Table.from_batches([batch.select(schema.names).cast(schema)])
