"""Building: nothing lost, the same bytes whatever the circumstances, whole or not at all."""

import hashlib
import json
import random
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from building import ENGINE, article, hashes, rows, run, start, write_jsonl

from coder.codebook import labels
from coder.dataset.build import BuildError, Options, build
from coder.dataset.files import open_dataset
from coder.dataset.linked import Linked
from coder.dataset.manifest import TableFacts
from coder.dataset.runs import RUN_TABLES, keyed, merge, write_run
from coder.dataset.store import StoreError, locked, working_folder
from coder.dataset.tables import arrow_schema, column_names, empty, to_arrow
from coder.dataset.validate import validate


def test_a_build_writes_tables_that_are_valid_and_sorted(tmp_path: Path) -> None:
    articles = [article(n) for n in range(60)]
    random.Random(1).shuffle(articles)
    report = run(write_jsonl(tmp_path / "in" / "a.jsonl", articles), tmp_path / "out")
    assert (report.counts.articles, report.counts.claims) == (60, 120)
    assert report.counts.balanced()
    out = tmp_path / "out"
    dataset = open_dataset([out])
    assert validate(dataset.frames) == []
    assert list(dataset.manifest_failures()) == []
    assert [row["article_id"] for row in rows(out, "articles")] == sorted(a["article_id"] for a in articles)
    claims = rows(out, "claims")
    assert [c["claim_id"] for c in claims] == [f"a{n:04d}:{k}" for n in range(60) for k in (1, 2)]
    assert {row["n_claims"] for row in rows(out, "articles")} == {2}
    schema = pq.read_schema(out / "claims.parquet")
    assert schema.equals(arrow_schema("claims"))
    assert b"pandas" not in (schema.metadata or {})
    assert not working_folder(out).exists()


def test_more_than_nine_claims_stay_in_the_order_of_the_text(tmp_path: Path) -> None:
    long = article(1) | {"text": " ".join(f"Line {n} is here." for n in range(25))}
    run(write_jsonl(tmp_path / "a.jsonl", [long]), tmp_path / "out")
    assert [c["claim_id"] for c in rows(tmp_path / "out", "claims")] == [f"a0001:{n}" for n in range(1, 26)]
    starts = [c["start"] for c in rows(tmp_path / "out", "claims")]
    assert starts == sorted(starts)


def test_the_bytes_do_not_depend_on_workers_or_on_the_division_into_files(tmp_path: Path) -> None:
    articles = [article(n, "BADNUMBERS shelled it." if n % 9 == 0 else "") for n in range(120)]
    run(write_jsonl(tmp_path / "in1" / "a.jsonl", articles), tmp_path / "out1", workers=1)
    run(tmp_path / "in1", tmp_path / "out2", workers=2)
    assert hashes(tmp_path / "out1") == hashes(tmp_path / "out2")
    random.Random(7).shuffle(articles)
    run(write_jsonl(tmp_path / "in3" / "a.jsonl", articles), tmp_path / "out3", workers=2)
    for table in ("articles", "claims", "evidence"):
        assert hashes(tmp_path / "out1")[f"{table}.parquet"] == hashes(tmp_path / "out3")[f"{table}.parquet"]


def test_the_order_in_which_inputs_are_named_does_not_count(tmp_path: Path) -> None:
    one = write_jsonl(tmp_path / "in" / "one.jsonl", [article(n) for n in range(20)])
    two = write_jsonl(tmp_path / "in" / "two.jsonl", [article(n, "RAISE it.") for n in range(20, 25)])
    build([one, two], tmp_path / "out1", Options(workers=1), ENGINE)
    build([two, one], tmp_path / "out2", Options(workers=1), ENGINE)
    assert hashes(tmp_path / "out1") == hashes(tmp_path / "out2")


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(n) for n in range(40)])
    for seed in ("1", "2"):
        done = start(tmp_path, source, tmp_path / f"out{seed}", "--workers", "1", seed=seed)
        assert done.communicate(timeout=120)[1] == "" and done.returncode == 0
    assert hashes(tmp_path / "out1") == hashes(tmp_path / "out2")


def test_resuming_does_not_take_up_runs_of_other_input(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(n) for n in range(20)])
    out = tmp_path / "out"
    (working_folder(out) / "runs" / "000000000000-0123456789abcdef01234567").mkdir(parents=True)
    assert run(source, out, resume=True).resumed == 0
    assert len(rows(out, "articles")) == 20


def test_an_article_that_breaks_the_coder_is_a_reject_and_the_rest_goes_on(tmp_path: Path) -> None:
    articles = [article(n, "RAISE it." if n == 5 else "WRONGTYPE it." if n == 6 else "") for n in range(10)]
    counts = run(write_jsonl(tmp_path / "a.jsonl", articles), tmp_path / "out").counts
    assert (counts.records, counts.articles, counts.articles_rejected) == (10, 8, 2)
    rejects = {reject["record"]: reject for reject in rows(tmp_path / "out", "rejects")}
    assert rejects["a0005"]["stage"] == "code"
    assert "ValueError: a trap in the text" in rejects["a0005"]["reason"]
    assert "RAISE" in rejects["a0005"]["payload"]
    assert "first" in rejects["a0006"]["reason"]


def test_an_article_that_kills_its_process_is_a_reject_and_the_rest_goes_on(tmp_path: Path) -> None:
    articles = [article(n, "DIE it." if n == 3 else "") for n in range(24)]
    source = write_jsonl(tmp_path / "a.jsonl", articles)
    counts = run(source, tmp_path / "out", workers=2).counts
    assert (counts.records, counts.articles, counts.articles_rejected) == (24, 23, 1)
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["record"], reject["stage"]) == ("a0003", "code")
    assert "died" in reject["reason"]


@pytest.mark.parametrize(
    ("word", "rule"), [("BADNUMBERS shelled it", "numbers-in-order"), ("UNGROUNDED talk", "values-grounded")]
)
def test_a_claim_that_breaks_a_rule_is_a_reject_with_its_reason(tmp_path: Path, word: str, rule: str) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1, f"{word}."), article(2)])
    counts = run(source, tmp_path / "out").counts
    assert (counts.claims_coded, counts.claims, counts.claims_rejected) == (5, 4, 1)
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["record"], reject["stage"]) == ("a0001:3", "validate")
    assert rule in reject["reason"]
    assert json.loads(reject["payload"])["claim_id"] == "a0001:3"
    assert all(row["claim_id"] != "a0001:3" for row in rows(tmp_path / "out", "evidence"))
    assert rows(tmp_path / "out", "articles")[0]["n_claims"] == 2


def test_what_cannot_be_read_is_a_reject(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1)])
    with source.open("a") as file:
        file.write("no json\n")
    counts = run(source, tmp_path / "out").counts
    assert (counts.records, counts.articles, counts.articles_rejected) == (2, 1, 1)
    assert rows(tmp_path / "out", "rejects")[0]["stage"] == "read"


def test_the_csv_holds_the_same_rows(tmp_path: Path) -> None:
    hostile = article(1) | {
        "text": 'He said "no";\r\nshells, fell.\u00a0The «army» shelled it, =1+1.',
        "title": "- a,b",
    }
    source = write_jsonl(tmp_path / "a.jsonl", [hostile, article(2)])
    run(source, tmp_path / "out")
    names = ("articles", "claims", "evidence")
    dataset = open_dataset([tmp_path / "out" / f"{name}.csv" for name in names])
    assert validate(dataset.frames) == []
    for name in names:
        parquet = pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pylist()
        for column in ("text", "title", "claim_id"):
            if column in dataset.frames[name]:
                assert dataset.frames[name][column].tolist() == [row[column] for row in parquet]


def test_the_manifest_vouches_for_the_tables(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(n) for n in range(5)])
    run(source, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["versions"]["knowledge"] == "feedc0de"
    assert manifest["inputs"] == [
        {
            "file": "a.jsonl",
            "bytes": source.stat().st_size,
            "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        }
    ]
    assert manifest["counts"]["records"] == 5
    assert manifest["tables"]["claims"]["rows"] == 10
    assert manifest["tables"]["claims"]["fill_rate"]["location"] == 0.5
    table = pq.read_table(tmp_path / "out" / "articles.parquet")
    pq.write_table(table.slice(1), tmp_path / "out" / "articles.parquet")
    rules = [failure.rule for failure in open_dataset([tmp_path / "out"]).manifest_failures()]
    assert rules == ["manifest-agrees"]


def test_the_logical_hash_tells_null_from_empty_and_does_not_see_buffers() -> None:
    def hashed(*texts: str | None) -> str:
        facts = TableFacts()
        facts.add(pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())}))
        return str(facts.as_json()["logical_hash"])

    assert hashed("a", None) != hashed("a", "")
    assert hashed("ab", "c") != hashed("a", "bc")
    sliced = TableFacts()
    sliced.add(pa.RecordBatch.from_pydict({"text": pa.array(["x", "a", None])}).slice(1))
    assert sliced.as_json()["logical_hash"] == hashed("a", None)


def test_a_former_build_is_replaced_and_other_folders_are_not(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1)])
    run(source, tmp_path / "out")
    write_jsonl(source, [article(1), article(2)])
    run(source, tmp_path / "out")
    assert len(rows(tmp_path / "out", "articles")) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "out"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    with pytest.raises(StoreError, match="other files"):
        run(source, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "dear"
    with pytest.raises(StoreError, match="is a file"):
        run(source, source)


def test_a_release_killed_between_two_renames_is_put_back(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1)])
    run(source, tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.former")
    with pytest.raises(BuildError):
        build([tmp_path / "gone.txt"], tmp_path / "out", Options(workers=1), ENGINE)
    run(source, tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "out"]


def test_two_builds_of_one_folder_do_not_meet(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1)])
    with locked(working_folder(tmp_path / "out")), pytest.raises(StoreError, match="another build"):
        run(source, tmp_path / "out")


def _link(folder: Path) -> Linked:
    """An event for each event claim; the second of them contradicts itself."""
    events, joined = [], []
    for n, claim in enumerate(c for c in pq.read_table(folder / "claims.parquet").to_pylist() if c["event_type"]):
        event = {name: claim.get(name) for name in column_names("events")} | {"event_id_cnty": f"SYR{n}"}
        event |= {"year": 2016 + n, "source": "AFP", "source_scale": "International", "notes": "Shelling."}
        event |= {"fatalities": 2, "timestamp": 0, "n_claims": 1, "n_articles": 1, "n_outlets": 1}
        event |= {side: labels("inter")[claim[side]] for side in ("inter1", "inter2")}
        events.append(event | {"grade": "Weak", "claimants": "AFP"})
        joined.append({"event_id_cnty": f"SYR{n}", "claim_id": claim["claim_id"], "role": "supports"})
    return Linked({"events": to_arrow("events", events), "event_claims": to_arrow("event_claims", joined)})


def test_linked_tables_join_the_release_and_unsound_events_the_rejects(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [article(1), article(2)])
    build([source], tmp_path / "out", Options(workers=1), ENGINE, link=_link)
    assert [row["event_id_cnty"] for row in rows(tmp_path / "out", "events")] == ["SYR0"]
    assert [row["claim_id"] for row in rows(tmp_path / "out", "event_claims")] == ["a0001:1"]
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["record"], reject["stage"]) == ("SYR1", "validate")
    assert "year '2017' is not the year of event_date" in reject["reason"]
    dataset = open_dataset([tmp_path / "out"])
    assert validate(dataset.frames) == []
    assert list(dataset.manifest_failures()) == []


def _run_of(folder: Path, ids: Sequence[str]) -> Path:
    claims = to_arrow("claims", [{"claim_id": f"{i}:1", "article_id": i} for i in ids])
    tables = {name: keyed(empty(name), [], []) for name in RUN_TABLES} | {"claims": keyed(claims, ids, [1] * len(ids))}
    write_run(folder, tables, {})
    return folder


@pytest.mark.parametrize("count", [1, 3, 64, 65, 150])
def test_any_number_of_runs_is_merged_in_order(tmp_path: Path, count: int) -> None:
    ids = [f"k{n:05d}" for n in range(count * 20)]
    random.Random(count).shuffle(ids)
    folders = [_run_of(tmp_path / f"run{n}", sorted(ids[n::count])) for n in range(count)]
    merged = list(merge(folders, "claims", 100, tmp_path / "scratch"))
    assert [i for batch in merged for i in batch["article_id"].to_pylist()] == sorted(ids)
    assert all(batch.num_rows == 100 for batch in merged[:-1])


def _peak(action: Callable[[], object]) -> int:
    """The most bytes that Python held at once while ``action`` ran."""
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_build_keeps_of_an_article_no_more_than_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.dataset.build.CHUNK_MOST", 64)
    monkeypatch.setattr("coder.dataset.assemble.GROUP_ROWS", {"articles": 64, "claims": 128, "evidence": 256})
    peaks = []
    for count in (400, 1_600):
        source = write_jsonl(tmp_path / f"{count}.jsonl", [article(n) for n in range(count)])
        peaks.append(_peak(partial(run, source, tmp_path / str(count))))
    assert (peaks[1] - peaks[0]) / 1_200 < 400  # bytes of an article
