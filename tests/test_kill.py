"""Builds that are killed, starved and interrupted: what is there resumes to the same bytes."""

import json
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest
from building import article, hashes, rows, start, write_jsonl
from fake_coder import FakeKnowledge, code_article

from coder.dataset.build import Options, build
from coder.dataset.store import working_folder
from coder.dataset.workers import Engine, WorkerError

KILLS = int(os.environ.get("CODER_KILLS", "2"))
"""Kills of the test at random instants: a few here, as many as wanted where the variable says so."""


def input_of(tmp_path: Path, count: int = 80, slow: int = 30) -> Path:
    articles = [article(n, "SLOW it." if n % slow == 5 else "") for n in range(count)]
    return write_jsonl(tmp_path / "a.jsonl", articles)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], float]:
    """The input, the hashes of an undisturbed build of it, and the seconds that it took."""
    folder = tmp_path_factory.mktemp("whole")
    source = input_of(folder)
    begin = time.monotonic()
    done = start(folder, source, folder / "out", "--workers", "2")
    assert done.communicate(timeout=120)[1] == ""
    return source, hashes(folder / "out"), time.monotonic() - begin


def test_killed_at_any_instant_a_build_resumes_to_the_same_bytes(
    whole: tuple[Path, dict[str, str], float], tmp_path: Path
) -> None:
    source, expected, seconds = whole
    out = tmp_path / "out"
    chance = random.Random(int(os.environ.get("CODER_SEED", "5")))
    for turn in range(KILLS):
        resume = ["--resume"] if working_folder(out).exists() else ["--afresh"]
        process = start(tmp_path, source, out, "--workers", "2", *resume)
        time.sleep(chance.uniform(0.2, 1.1) * seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        if out.exists():
            assert hashes(out) == expected, f"kill {turn}"
    done = start(tmp_path, source, out, "--workers", "2", "--resume")
    assert done.communicate(timeout=120)[1] == ""
    assert hashes(out) == expected
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "script.py"]


@pytest.mark.slow
def test_only_the_parent_killed_its_workers_end_too(tmp_path: Path) -> None:
    source = input_of(tmp_path, slow=6)
    process = start(tmp_path, source, tmp_path / "out", "--workers", "2")
    runs = working_folder(tmp_path / "out") / "runs"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (runs.is_dir() and any(runs.glob("0*"))):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    while time.monotonic() < deadline and _alive(process.pid):
        time.sleep(0.05)
    assert not _alive(process.pid)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_full_disk_is_a_message_and_the_build_resumes(
    whole: tuple[Path, dict[str, str], float], tmp_path: Path
) -> None:
    source, expected, _ = whole
    out = tmp_path / "out"
    process = start(tmp_path, source, out, "--workers", "2", file_bytes=30_000)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert errors.startswith("error: ") and "Traceback" not in errors
    assert not out.exists()
    done = start(tmp_path, source, out, "--workers", "2", "--resume")
    printed, errors = done.communicate(timeout=120)
    assert errors == ""
    assert json.loads(printed)["articles"] == 80
    assert hashes(out) == expected


def test_ctrl_c_says_how_to_go_on(whole: tuple[Path, dict[str, str], float], tmp_path: Path) -> None:
    source, expected, _ = whole
    out = tmp_path / "out"
    process = start(tmp_path, source, out, "--workers", "2")
    runs = working_folder(out) / "runs"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (runs.is_dir() and any(runs.glob("0*"))):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "interrupted: run the same command with --resume: what is coded is kept\n"
    done = start(tmp_path, source, out, "--workers", "2", "--resume")
    printed, _ = done.communicate(timeout=120)
    assert json.loads(printed)["runs_resumed"] >= 1
    assert hashes(out) == expected


def test_an_article_that_hangs_or_kills_is_a_reject_and_the_rest_goes_on(tmp_path: Path) -> None:
    traps = {3: "HANG on.", 9: "STUCK here.", 14: "DIE now."}
    source = write_jsonl(tmp_path / "a.jsonl", [article(n, traps.get(n, "")) for n in range(20)])
    process = start(tmp_path, source, tmp_path / "out", "--workers", "2", "--limit", "deadline_s=0.5")
    printed, errors = process.communicate(timeout=120)
    assert errors == ""
    counts = json.loads(printed)
    assert (counts["records"], counts["articles"], counts["articles_rejected"]) == (20, 17, 3)
    reasons = {reject["record"]: reject["reason"] for reject in rows(tmp_path / "out", "rejects")}
    assert "took more than 0.5 seconds" in reasons["a0003"]
    assert "died or overran its deadline" in reasons["a0009"]
    assert "died or overran its deadline" in reasons["a0014"]


def test_one_process_heeds_the_deadline_too(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(n, "HANG on." if n == 1 else "") for n in range(3)])
    process = start(tmp_path, source, tmp_path / "out", "--workers", "1", "--limit", "deadline_s=0.5")
    printed, errors = process.communicate(timeout=120)
    assert errors == ""
    assert json.loads(printed)["articles"] == 2


def test_an_article_of_too_many_claims_is_a_reject(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1), article(2, "One. Two. Three.")])
    process = start(tmp_path, source, tmp_path / "out", "--workers", "1", "--limit", "article_claims=4")
    assert json.loads(process.communicate(timeout=120)[0])["articles"] == 1
    (reject,) = rows(tmp_path / "out", "rejects")
    assert "it has 5 claims, the limit is 4" in reject["reason"]


@pytest.mark.slow
def test_five_workers_give_the_same_bytes(whole: tuple[Path, dict[str, str], float], tmp_path: Path) -> None:
    source, expected, _ = whole
    done = start(tmp_path, source, tmp_path / "out", "--workers", "5")
    assert done.communicate(timeout=120)[1] == ""
    assert hashes(tmp_path / "out") == expected


def load_badly(overlays: tuple[Path, ...]) -> FakeKnowledge:
    """Knowledge that kills every process but the one that reads."""
    if multiprocessing.parent_process() is not None:
        os._exit(3)
    return FakeKnowledge()


def test_processes_that_cannot_start_end_the_build_and_reject_nothing(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(n) for n in range(40)])
    engine = Engine(code_article, load_badly)
    with pytest.raises(WorkerError, match="before they code anything"):
        build([source], tmp_path / "out", Options(workers=2), engine)
    assert not (tmp_path / "out").exists()
