"""What tests of building share: articles for the tiny coder, a build in a process of its own, hashes."""

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fake_coder
import pyarrow.parquet as pq

from coder.dataset.build import Options, Report, build
from coder.dataset.workers import Engine

ENGINE = Engine(fake_coder.code_article, fake_coder.load)
SENTENCE = "The army shelled the market of the town on day {n}. Talks went on, a minister said in the capital."


def article(n: int, extra: str = "") -> dict[str, str]:
    text = f"{SENTENCE.format(n=n)} {extra}".strip()
    return {
        "article_id": f"a{n:04d}",
        "outlet": "AFP",
        "published": "2016-06-15",
        "title": f"Day {n}",
        "text": text,
    }


def write_jsonl(path: Path, articles: Sequence[dict[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in articles), encoding="utf-8")
    return path


def run(inputs: Path, out: Path, **options: Any) -> Report:
    return build([inputs], out, Options(**{"workers": 1, **options}), ENGINE)


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return found


SCRIPT = """
import sys
import fake_coder
from coder import cli
from coder.dataset import build
from coder.dataset.workers import Engine


def engine(overlays):
    return Engine(fake_coder.code_article, fake_coder.load, overlays)


if __name__ == "__main__":
    build.default_engine = engine
    cli.main()
"""


def start(
    folder: Path, source: Path, out: Path, *more: str, seed: str = "0", file_bytes: int | None = None
) -> "subprocess.Popen[str]":
    """``coder build`` with the tiny coder in a process group of its own; no file may pass ``file_bytes``."""
    script = folder / "script.py"
    script.write_text(SCRIPT)
    paths = os.pathsep.join(str(folder) for folder in (Path(__file__).parent, Path(__file__).parent.parent))
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    command = [sys.executable, str(script), "build", str(source), "-o", str(out), "--json", *more]

    def limited() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it, and so would its children
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limited,
    )
