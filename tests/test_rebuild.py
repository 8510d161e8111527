"""Rebuilding: what has not changed is not coded again, and shards make the same release as one build."""

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from building import ENGINE, article, hashes, rows, run, write_jsonl
from click.testing import Result
from fake_coder import load
from typer.testing import CliRunner

from coder import cli
from coder.dataset.bounds import Bounds, LimitError, parse_limits
from coder.dataset.build import Options, build, merge_parts
from coder.dataset.linker import LinkerError, LinkOptions, linker, release_time
from coder.dataset.shards import Shard, ShardError, parse_shard
from coder.dataset.store import working_folder
from coder.errors import UserError
from coder.reading.limits import Limits

TRAPS = {7: "BADNUMBERS shelled it.", 11: "RAISE it.", 13: "WRONGTYPE it."}


def articles(count: int) -> list[dict[str, str]]:
    return [article(n, TRAPS.get(n, "")) for n in range(count)]


def clean(tmp_path: Path, source: Path, **options: Any) -> dict[str, str]:
    run(source, tmp_path / "clean", afresh=True, **options)
    return hashes(tmp_path / "clean")


def test_a_rebuild_codes_only_what_changed_and_gives_the_bytes_of_a_clean_build(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", articles(60))
    out = tmp_path / "out"
    assert run(source, out).taken_over == 0
    changed = articles(70)
    changed[20]["text"] += " The army shelled it again."
    changed[21]["outlet"] = "Reuters"
    changed[22]["published"] = "2016-06-16"
    del changed[30]
    random.Random(3).shuffle(changed)
    write_jsonl(source, changed)
    report = run(source, out)
    assert report.taken_over == 60 - 3 - 3 - 1
    assert hashes(out) == clean(tmp_path, source)


def test_what_was_turned_back_is_tried_again(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", articles(20))
    run(source, tmp_path / "out")
    report = run(source, tmp_path / "out")
    assert report.taken_over == 17
    assert {row["record"] for row in rows(tmp_path / "out", "rejects")} == {"a0007:3", "a0011", "a0013"}
    assert hashes(tmp_path / "out") == clean(tmp_path, source)


@pytest.mark.parametrize("cause", ["afresh", "bounds", "knowledge", "touched"])
def test_nothing_is_taken_over_where_coding_could_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", articles(5))
    out = tmp_path / "out"
    run(source, out)
    options: dict[str, Any] = {"afresh": True} if cause == "afresh" else {}
    if cause == "bounds":
        options["bounds"] = Bounds(article_claims=50)
    if cause == "knowledge":
        monkeypatch.setattr("fake_coder.FakeKnowledge.hash", "0ther")
    if cause == "touched":
        table = pq.read_table(out / "claims.parquet")
        pq.write_table(table.set_column(6, "text", [["amended"] * table.num_rows]), out / "claims.parquet")
    assert run(source, out, **options).taken_over == 0


def test_a_rebuild_that_was_cut_short_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", articles(40))
    out = tmp_path / "out"
    run(source, out)
    write_jsonl(source, [a if n % 2 else article(n, "More.") for n, a in enumerate(articles(40))])

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("coder.dataset.build.write_release", full)
        run(source, out)
    report = run(source, out, resume=True)
    assert report.resumed >= 1 and report.taken_over == 17
    assert hashes(out) == clean(tmp_path, source)


@pytest.mark.parametrize("count", [1, 3])
def test_shards_merge_to_the_bytes_of_one_build(tmp_path: Path, count: int) -> None:
    write_jsonl(tmp_path / "in" / "a.jsonl", articles(50))
    write_jsonl(tmp_path / "in" / "b.jsonl", [*articles(3), *(article(n, "Late.") for n in range(90, 99))])
    source = tmp_path / "in"
    parts = [tmp_path / "parts" / str(n) for n in range(1, count + 1)]
    for n, part in enumerate(parts, 1):
        run(source, part, shard=Shard(n, count))
    report = merge_parts(parts[::-1], tmp_path / "out")
    assert report.counts.records == 62
    assert hashes(tmp_path / "out") == clean(tmp_path, source)
    assert not working_folder(tmp_path / "out").exists()


def test_the_commands_merge_to_the_files_of_one_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    source = write_jsonl(tmp_path / "a.jsonl", articles(30))

    def call(*arguments: str) -> None:
        result = CliRunner().invoke(cli.app, [*arguments, "--json"])
        assert result.exit_code == 0, result.output

    call("build", str(source), "-o", str(tmp_path / "whole"), "--workers", "1")
    for n in ("1", "2"):
        call("build", str(source), "-o", str(tmp_path / n), "--workers", "1", "--shard", f"{n}/2")
    call("merge", str(tmp_path / "1"), str(tmp_path / "2"), "-o", str(tmp_path / "out"))
    assert hashes(tmp_path / "out") == hashes(tmp_path / "whole")
    assert {"events.parquet", "datapackage.json"} <= hashes(tmp_path / "out").keys()


def test_event_ids_outlive_a_rebuild_and_what_became_of_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    days = [article(n) | {"published": f"2016-06-{10 + 4 * n}"} for n in range(4)]

    def built(name: str, some: list[dict[str, str]], *more: str) -> dict[str, str]:
        source, out = write_jsonl(tmp_path / f"{name}.jsonl", some), tmp_path / name
        command = ["build", str(source), "-o", str(out), "--workers", "1", "-q", *more]
        assert CliRunner().invoke(cli.app, command).exit_code == 0
        return {row["claim_id"]: row["event_id_cnty"] for row in rows(out, "event_claims")}

    first = built("first", days[1:3])
    assert not (tmp_path / "first" / "id_changes.json").exists()
    more = built("more", days, "--ids-of", str(tmp_path / "first"))
    assert first.items() < more.items() and len(set(more.values())) == 4
    assert json.loads((tmp_path / "more" / "id_changes.json").read_text()) == []

    bridge = days[1] | {"published": days[2]["published"]}
    fewer = built("fewer", [bridge, *days[2:]], "--ids-of", str(tmp_path / "more"))
    (both,) = {fewer[claim] for claim in first}
    assert both in first.values()
    gone = ({*more.values()} - {*fewer.values()}) - {*first.values()}
    changes = json.loads((tmp_path / "fewer" / "id_changes.json").read_text())
    assert {(c["change"], c["old_id"], c["new_id"]) for c in changes} == {
        *(("merged", old, both) for old in first.values() if old != both),
        *(("removed", old, None) for old in gone),
    }


@pytest.mark.parametrize("shards", [0, 2])
def test_events_bear_the_time_of_release_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shards: int
) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    source, out = write_jsonl(tmp_path / "a.jsonl", articles(8)), tmp_path / "out"
    command = ["build", str(source), "--workers", "1", "-q"]
    parts = [str(tmp_path / str(n)) for n in range(1, shards + 1)]
    for n, part in enumerate(parts, 1):
        assert CliRunner().invoke(cli.app, [*command, "-o", part, "--shard", f"{n}/{shards}"]).exit_code == 0
    command = ["merge", *parts] if shards else command

    def times(*more: str) -> set[int]:
        result = CliRunner().invoke(cli.app, [*command, "-o", str(out), *more])
        assert result.exit_code == 0, result.output
        found = {event["timestamp"] for event in rows(out, "events")}
        manifest = json.loads((out / "manifest.json").read_text())
        assert {manifest["linking"]["timestamp"]} == found
        return found

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert times() == {1_465_948_800}  # 2016-06-15, the day of the newest article
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert times() == {1_700_000_000}
    assert times("--released", "2020-02-29") == {1_582_934_400}
    assert "date-released: '2020-02-29'" in (out / "CITATION.cff").read_text()
    again = hashes(out)
    times("--released", "2020-02-29")
    assert hashes(out) == again


@pytest.mark.parametrize("epoch", ["now", "-1", "1.5", "٣", "9" * 20])
def test_an_epoch_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(LinkerError, match="expected whole seconds since 1970"):
        release_time(None)


def write_text(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def plain(count: int) -> list[dict[str, str]]:
    return [article(n) for n in range(count)]


TOO_FEW_DEAD = "claims: {columns: {fatalities_best: {max: 1}}}"


def test_a_breach_stops_the_release_and_keeps_what_is_coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    source, out = write_jsonl(tmp_path / "a.jsonl", plain(30)), tmp_path / "out"
    rules = write_text(tmp_path / "assertions.yaml", f"articles: {{rows: {{max: 20}}}}\n{TOO_FEW_DEAD}")

    def call(*more: str, code: int) -> Result:
        named = ["build", str(source), "-o", str(out), "--workers", "1", "--assertions", rules, "--json", *more]
        result = CliRunner().invoke(cli.app, named)
        assert result.exit_code == code, result.output
        return result

    found = json.loads(call(code=1).stdout)
    assert not out.exists()
    assert [b["table"] for b in found["breaches"]] == ["articles", "claims"]
    first = {"column": None, "rule": "max", "bound": 20, "found": 30, "expected": "at most 20"}
    assert first.items() <= found["breaches"][0].items()
    assert found["breaches"][1]["remedy"] == "if the data are right, write max: 2"
    assert (Path(found["refused"]) / "events.parquet").is_file()

    write_text(tmp_path / "assertions.yaml", "articles: {rows: {max: 30}}")
    assert json.loads(call("--resume", code=0).stdout)["runs_resumed"] == 2
    assert not working_folder(out).exists()

    released = hashes(out)
    write_text(tmp_path / "assertions.yaml", "articles: {rows: {max: 20}}")
    write_jsonl(source, plain(40))
    refused = call("--afresh", code=1)
    assert hashes(out) == released
    assert "articles: rows: found 40, expected at most 20; if the data are right, write max: 40" in refused.stderr
    assert "no release was made; its tables lie in" in refused.stderr


def test_a_breach_stops_the_merging_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coder.dataset.build.default_engine", lambda overlays: ENGINE)
    source = write_jsonl(tmp_path / "a.jsonl", plain(30))
    rules = write_text(tmp_path / "assertions.yaml", "articles: {rows: {min: 31}}")
    part, out = str(tmp_path / "part"), tmp_path / "out"
    whole = ["build", str(source), "-o", part, "--shard", "1/1"]
    misplaced = CliRunner().invoke(cli.app, [*whole, "--assertions", rules])
    assert isinstance(misplaced.exception, UserError) and "give it to coder merge" in str(misplaced.exception)
    assert CliRunner().invoke(cli.app, whole).exit_code == 0
    refused = CliRunner().invoke(cli.app, ["merge", part, "-o", str(out), "--assertions", rules])
    assert refused.exit_code == 1
    assert "articles: rows: found 30, expected at least 31" in refused.stderr
    assert not out.exists()
    asserted = write_text(tmp_path / "mended.yaml", "articles: {rows: {min: 30}}")
    assert CliRunner().invoke(cli.app, ["merge", part, "-o", str(out), "--assertions", asserted]).exit_code == 0
    assert (out / "events.parquet").is_file()


def test_assertions_that_cannot_be_used_are_told_before_anything_is_coded(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", plain(3))
    rules = write_text(tmp_path / "assertions.yaml", "event: {}")
    wrong = CliRunner().invoke(cli.app, ["build", str(source), "-o", str(tmp_path / "out"), "--assertions", rules])
    assert isinstance(wrong.exception, UserError) and "no table 'event'" in str(wrong.exception)
    assert not working_folder(tmp_path / "out").exists()


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", articles(9))
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "other"
    run(source, one, shard=Shard(1, 2))
    run(source, two, shard=Shard(2, 2))
    build([source], other, Options(workers=1, shard=Shard(2, 2), bounds=Bounds(article_claims=9)), ENGINE)
    out = tmp_path / "out"
    cases = {
        "shards are missing: 2/2": [one],
        "as is": [one, one, two],
        "other limits": [one, other],
        "is no part": [one, tmp_path],
        "no part was given": [],
    }
    for message, folders in cases.items():
        with pytest.raises(ShardError, match=message):
            merge_parts(folders, out)
    assert not out.exists()


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "-1/2", "1/0", "1/2/3", "٣/x"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="expected"):
        parse_shard(text)


def test_a_rule_that_is_none_is_refused_before_anything_is_coded() -> None:
    with pytest.raises(LinkerError, match="--fatalities: no fatalities rule 'most'"):
        linker(load(()), LinkOptions(fatalities="most"))


def test_limits_are_set_by_name() -> None:
    assert parse_limits([]) == (Limits(), Bounds())
    limits, bounds = parse_limits(["article_chars=500", "deadline_s=2.5"])
    assert (limits.article_chars, bounds.deadline_s) == (500, 2.5)
    for wrong in ("size=3", "ratio", "ratio=x", "ratio=0", "ratio=-1", "deadline_s=nan", "ratio=1e9", "=1"):
        with pytest.raises(LimitError, match="expected"):
            parse_limits([wrong])
