"""The Spark engine gives the release of a plain build; skipped where PySpark or Java is absent."""

import gzip
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import ENGINE, article, hashes, write_jsonl
from typer.testing import CliRunner

pytest.importorskip("pyspark")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java", allow_module_level=True)

from coder import cli
from coder.dataset.build import BuildError, Options, build
from coder.engines.spark import as_uri, build_on_spark, list_files

MASTER = os.environ.get("CODER_SPARK_MASTER", "local[2]")


@pytest.fixture(scope="module", autouse=True)
def _spark() -> Iterator[None]:
    """One session for all tests, whose workers find the tiny coder."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    paths = os.pathsep.join(str(folder) for folder in (Path(__file__).parent, Path(__file__).parent.parent))
    os.environ["PYTHONPATH"] = paths
    session = (
        SparkSession.builder.master(MASTER)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executorEnv.PYTHONPATH", paths)
        .getOrCreate()
    )
    yield
    session.stop()


TRAPS = {7: "BADNUMBERS shelled it.", 11: "RAISE it.", 13: "DIE now.", 17: "WRONGTYPE it."}


def inputs(folder: Path) -> Path:
    """Files of several kinds, with faulty records, repeated identifiers and articles that are traps."""
    write_jsonl(folder / "a.jsonl", [article(n, TRAPS.get(n, "")) for n in range(40)])
    write_jsonl(folder / "b" / "b.jsonl", [article(n, "Again.") for n in (3, 50, 50, 51)])
    with (folder / "b" / "b.jsonl").open("a") as file:
        file.write('no json\n{"title": "x"}\n')
    (folder / "c.txt").write_text("outlet: AFP\n\nThe army shelled the bridge. Talks went on.\n")
    (folder / "d.csv.gz").write_bytes(gzip.compress(b"article_id,text\nc1,The army shelled the port today.\n"))
    (folder / "e.bin").write_bytes(b"\x00\x01")
    return folder


def test_the_release_is_that_of_a_plain_build(tmp_path: Path) -> None:
    source = inputs(tmp_path / "in")
    plain = build([source], tmp_path / "plain", Options(workers=2), ENGINE)
    report = build_on_spark([str(source)], tmp_path / "out", Options(), None, ENGINE)
    assert report.counts == plain.counts
    assert report.counts.articles_rejected == 3 + 2 + 2 + 1
    assert hashes(tmp_path / "out") == hashes(tmp_path / "plain")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out", "plain"]


def test_a_listing_names_its_files_and_the_command_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    source = inputs(tmp_path / "in")
    listing = tmp_path / "in" / "all.paths"
    listing.write_text(f"a.jsonl\n{(source / 'c.txt').as_uri()}\n\n")
    arguments = ["build", str(listing), "-o", str(tmp_path / "out"), "--engine", "spark", "--json"]
    result = CliRunner().invoke(cli.app, arguments)
    assert json.loads(result.output.splitlines()[-1])["records"] == 41
    assert (tmp_path / "out" / "events.parquet").is_file()


def test_what_is_not_there_is_a_message(tmp_path: Path) -> None:
    for path in (str(tmp_path / "gone"), (tmp_path / "gone").as_uri()):
        with pytest.raises(BuildError, match="no such file"):
            list_files([path])
    assert build_on_spark([], tmp_path / "none", Options(), None, ENGINE).counts.records == 0


def test_paths_become_uris() -> None:
    assert as_uri("s3a://bucket/x") == as_uri("s3a:/bucket/x") == "s3://bucket/x"
    assert as_uri("/x/y z") == "file:///x/y%20z"
    assert as_uri("hdfs://host:9000/x") == "hdfs://host:9000/x"
