"""What changed from one release to the next; the stream of changes makes the old events into the new."""

import json
from pathlib import Path
from typing import Any

import small_dataset
from typer.testing import CliRunner

from coder import cli
from coder.dataset.diff import MERGED, RECODED, REJECTED, SPLIT, UNKNOWN, WITHDRAWN, changes
from coder.dataset.folder import Folder

runner = CliRunner()
LIBYA, SYRIA, PROTEST = (e["event_id_cnty"] for e in small_dataset.events())


def both(tmp_path: Path, **new: Any) -> tuple[Path, Path]:
    return small_dataset.write(tmp_path / "old"), small_dataset.write(tmp_path / "new", **new)


def found(old: Path, new: Path) -> dict[str, Any]:
    return {change.event_id: change for change in changes(Folder(old), Folder(new))}


def without(key: str) -> list[dict[str, Any]]:
    return [e for e in small_dataset.events() if e["event_id_cnty"] != key]


def linked(**homes: str) -> list[dict[str, str]]:
    """The links of the dataset, some claims (``a1_2``) in another event, or in none where that is empty."""
    moved = [
        {**row, "event_id_cnty": homes.get(row["claim_id"].replace(":", "_"), row["event_id_cnty"])}
        for row in small_dataset.links()
    ]
    return [row for row in moved if row["event_id_cnty"]]


def test_the_same_release_has_no_changes_and_a_new_timestamp_is_none(tmp_path: Path) -> None:
    later = [{**event, "timestamp": 9} for event in small_dataset.events()]
    assert not found(*both(tmp_path, events=later))


def test_added_and_modified(tmp_path: Path) -> None:
    events = [{**small_dataset.events()[0], "fatalities": 7, "admin1": None}, *small_dataset.events()[1:]]
    events.append({**small_dataset.events()[2], "event_id_cnty": "AAA1"})
    told = found(*both(tmp_path, events=events))
    assert {key: change.action for key, change in told.items()} == {"AAA1": "add", LIBYA: "modify"}
    assert told[LIBYA].columns == {"fatalities": (5, 7), "admin1": ("Sirte", None)}


def test_why_events_went(tmp_path: Path) -> None:
    old, new = both(tmp_path, events=without(LIBYA), event_claims=linked(a1_1=SYRIA, a1_2=SYRIA))
    assert (found(old, new)[LIBYA].reason, found(old, new)[LIBYA].into) == (MERGED, (SYRIA,))
    small_dataset.write(new, events=without(LIBYA), event_claims=linked(a1_1=SYRIA, a1_2=PROTEST))
    assert (found(old, new)[LIBYA].reason, found(old, new)[LIBYA].into) == (SPLIT, (SYRIA, PROTEST))
    small_dataset.write(new, events=without(LIBYA), event_claims=linked(a1_1="", a1_2=""))
    assert found(old, new)[LIBYA].reason == RECODED
    small_dataset.write(
        new,
        events=without(LIBYA),
        event_claims=linked(a1_1="", a1_2=""),
        articles=small_dataset.articles()[1:],
    )
    assert found(old, new)[LIBYA].reason == WITHDRAWN
    reject = {"record": LIBYA, "stage": "validate", "reason": "no", "source_file": None, "payload": None}
    small_dataset.write(new, events=without(LIBYA), event_claims=linked(a1_1="", a1_2=""), rejects=[reject])
    assert found(old, new)[LIBYA].reason == REJECTED
    for file in new.glob("event_claims.*"):
        file.unlink()
    assert found(old, new)[LIBYA].reason == UNKNOWN


def test_the_stream_makes_the_old_events_into_the_new(tmp_path: Path) -> None:
    events = [
        {**small_dataset.events()[0], "fatalities": 7},
        {**small_dataset.events()[2], "event_id_cnty": "AAA1"},
    ]
    old, new = both(tmp_path, events=events, event_claims=linked(a2_1="", a3_1="", a2_2="AAA1"))
    result = runner.invoke(cli.app, ["diff", str(old), str(new), "--stream"])
    assert result.exit_code == 0, result.output
    held, wanted = (
        {row["event_id_cnty"]: json.loads(json.dumps(row, default=str)) for row in Folder(f).rows("events")}
        for f in (old, new)
    )
    for line in result.output.splitlines():
        change = json.loads(line)
        if change["action"] == "delete":
            del held[change["event_id_cnty"]]
        else:
            held[change["event_id_cnty"]] = change["event"]
    assert held == wanted


def test_json_and_table(tmp_path: Path) -> None:
    old, new = both(tmp_path, events=without(LIBYA), event_claims=linked(a1_1=SYRIA, a1_2=SYRIA))
    content = json.loads(runner.invoke(cli.app, ["diff", str(old), str(new), "--json"]).output)
    assert content["counts"] == {"delete": 1}
    assert content["changes"][0]["into"] == [SYRIA]
    shown = runner.invoke(cli.app, ["diff", str(old), str(new)]).output
    assert "0 added, 0 modified, 1 deleted" in shown
    assert LIBYA in shown and "merged" in shown
