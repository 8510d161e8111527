"""The check of all knowledge, and the commands that run it, show entries and list them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from coder import cli
from coder.errors import UserError
from coder.knowledge.safe_yaml import DataError, Loader
from coder.lint.canonical import canonical, fix_folder, fix_text
from coder.lint.check import check, shape_faults
from coder.lint.entries import MAX_FILES, DataFile, all_entries, read_folder
from coder.lint.references import References, doubled_ids, unreachable
from coder.paths import data_dir

GROUP = """- id: own
  name: Own Front
  inter: Rebel group
  kind: rebel
  names: {en: [Own Front], ar: [جبهة ذاتية]}
  years: [2012, null]
  countries: [Syria]
"""
TRIGGER = """- id: en.event.own
  since: "1.0"
  sub_event_type: Attack
  frame: attack
  strength: strong
  patterns: ["skylance/v"]
  examples:
  - {text: "Jets skylanced the depot.", sub_event_type: Attack}
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["rules", *map(str, arguments)])


def lay(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@cache
def built_in() -> tuple[DataFile, ...]:
    return tuple(read_folder(data_dir())[0])


def faults(folder: Path) -> list[str]:
    """What is wrong with the shape and the references of a folder, without reading any example."""
    base = built_in()
    files, wrong = read_folder(folder, overlay=True)
    entries = list(all_entries(files))
    wrong += [fault for entry in entries for fault in shape_faults(entry)] + list(doubled_ids(files))
    if not wrong:
        references = References([*base, *files])
        wrong += [fault for entry in entries for fault in references.faults(entry)]
        wrong += list(unreachable([*base, *files]))
    return [str(fault) for fault in wrong]


def test_all_built_in_knowledge_passes() -> None:
    report = check([data_dir()])
    assert [str(fault) for fault in report.faults] == []
    assert report.entries > 5000 and report.examples > 2000


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "actors/groups/a.yaml",
            GROUP.replace("inter:", "intre:"),
            "unknown key 'intre'; legal keys: .*nearest: 'inter'",
        ),
        ("actors/groups/a.yaml", GROUP.replace("  kind: rebel\n", ""), "the key 'kind' is missing"),
        (
            "actors/groups/a.yaml",
            GROUP.replace("Rebel group", "Rebels"),
            "inter: 'Rebels' .*nearest: 'Rebel group'",
        ),
        ("actors/groups/a.yaml", GROUP.replace("[2012, null]", "[2012, 2001]"), "2012 lies behind 2001"),
        (
            "actors/groups/a.yaml",
            GROUP.replace("[Syria]", "[Siria]"),
            "'Siria' is not known; .*nearest: 'Syria'",
        ),
        (
            "actors/groups/a.yaml",
            GROUP + "  parents: [nobody-at-all]\n",
            "parents: 'nobody-at-all' is not known",
        ),
        ("actors/groups/a.yaml", GROUP + "  enemies: [own]\n", "names itself"),
        ("actors/groups/a.yaml", GROUP + GROUP, "the id stands also at .*a.yaml:1"),
        ("actors/groups/a.yaml", GROUP + "  kind: militia\n", "the key 'kind' stands twice"),
        ("actors/groups/a.yaml", GROUP.replace("Own Front]", "3]"), r"names.en\[1\]: 3 is not text.*quotes"),
        ("actors/groups/a.yaml", GROUP.replace("id: own", "id: Own One"), "'Own One' is no id"),
        ("actors/groups/a.yaml", "- name: x\n", "an entry without an id"),
        ("actors/groups/a.yaml", "a: b\n", "expected a list of entries, found dict"),
        ("actors/groups/a.yaml", "- just words\n", "an entry is a mapping"),
        ("rules/en/event.yaml", TRIGGER, "nothing is read from here.*nearest: 'rules/en/events.yaml'"),
        ("rules/fr/events.yaml", TRIGGER, "nothing is read from here"),
        ("codebook.yaml", "version: 1\n", "nothing is read from here"),
        ("rules/en/events.yaml", TRIGGER.replace("en.event", "ar.event"), "begins with its language"),
        (
            "rules/en/events.yaml",
            TRIGGER.replace("frame: attack", "frame: atack"),
            "'atack' is no frame.*'attack'",
        ),
        (
            "rules/en/events.yaml",
            TRIGGER.replace("strong", "strnog"),
            "strength: 'strnog' .*nearest: 'strong'",
        ),
        ("rules/en/events.yaml", TRIGGER.replace("skylance/v", "skylance/x"), "'x' is no inflection"),
        (
            "rules/en/events.yaml",
            TRIGGER.replace("skylance/v", "… sky|lance"),
            "must begin and end with a word",
        ),
        ("rules/en/events.yaml", TRIGGER.replace("skylance/v", "!"), "has no word"),
        (
            "rules/en/events.yaml",
            TRIGGER + TRIGGER.replace("event.own", "event.two"),
            "stands already in en.event.own",
        ),
        (
            "rules/frames.yaml",
            "own: {family: attack, actor1: [by], actor2: [onto]}\n",
            "'onto' is none of .*on, subject",
        ),
        (
            "actors/states/a.yaml",
            "country: Syria\ngovernments:\n- {from: 2012-01-01, to: 2011-01-01, years: 2012-}\n",
            "the key 'iso' is missing",
        ),
    ],
)
def test_a_fault_names_file_line_entry_and_remedy(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = lay(tmp_path, name, text)
    found = faults(tmp_path)
    assert any(re.search(says, line) for line in found), found
    assert all(line.startswith(f"{path}:") for line in found)


def test_entries_that_are_well_made_have_no_fault(tmp_path: Path) -> None:
    lay(tmp_path, "actors/groups/a.yaml", GROUP)
    lay(tmp_path, "rules/en/events.yaml", TRIGGER)
    assert faults(tmp_path) == []


def test_governments_follow_one_another(tmp_path: Path) -> None:
    text = (data_dir() / "actors" / "states" / "syria.yaml").read_text(encoding="utf-8")
    lay(tmp_path, "actors/states/syria.yaml", text.replace("to: 2000-07-17", "to: 2000-08-17"))
    assert any("begins before 1971-2000 ends" in line for line in faults(tmp_path))


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    for n in range(MAX_FILES + 1):
        (tmp_path / f"{n}.yaml").touch()
    assert "more than" in faults(tmp_path)[0]


def test_examples_that_are_not_read_and_form_are_faults(tmp_path: Path) -> None:
    wrong = TRIGGER.replace("Jets skylanced", "Jets left").replace("since:", "since:  ")
    lay(tmp_path, "rules/en/events.yaml", wrong + '  counter_examples: ["The army skylanced Aleppo."]\n')
    run = call("check", "--data", tmp_path, "--json")
    assert run.exit_code == 1
    report = json.loads(run.stdout)
    own = [f for f in report["faults"] if f["file"].startswith(str(tmp_path))]
    assert [f["kind"] for f in own] == ["example", "example", "form"]
    assert own[0]["line"] == 1 and own[2]["line"] == 2 and own[0]["entry"] == "en.event.own"
    assert "is in it" in own[0]["message"] and "reads an event" in own[1]["message"]


def test_show_and_list(tmp_path: Path) -> None:
    lay(tmp_path, "rules/en/events.yaml", "# Why it is there.\n" + TRIGGER)
    shown = call("show", "en.event.own", "--data", tmp_path)
    assert shown.exit_code == 0
    assert f"{tmp_path}/rules/en/events.yaml:2" in shown.stdout
    assert "Why it is there." in shown.stdout and "Jets skylanced the depot." in shown.stdout
    (row,) = json.loads(call("show", "en.event.own", "--data", tmp_path, "--json").stdout)
    assert (row["kind"], row["language"], row["line"], row["entry"]["frame"]) == ("events", "en", 2, "attack")
    listed = call("list", "--kind", "events", "--search", "SKYLANCE", "--data", tmp_path)
    assert listed.stdout.split() == ["en.event.own", "events", f"{tmp_path}/rules/en/events.yaml:2"]
    rows = json.loads(call("list", "--language", "ar", "--kind", "scope", "--json").stdout)
    assert rows and all(row["id"].startswith("ar.") for row in rows)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "en.event.clahs"), "did you mean: en.event.clash"),
        (("list", "--kind", "evnets"), "nearest: 'events'"),
        (("list", "--language", "fr"), "legal: ar, en"),
    ],
)
def test_a_wrong_call_is_answered(arguments: tuple[str, ...], says: str) -> None:
    run = call(*arguments)
    assert isinstance(run.exception, UserError) and says in str(run.exception)


def test_a_folder_that_is_not_there_is_the_calls_fault(tmp_path: Path) -> None:
    assert call("check", "--data", tmp_path / "none").exit_code == 2


# Canonical form

LOOSE = """\ufeff# head


- id:   own
  since: '1'   # why
  list: [ a ,b,   "c" ]\t
  map:
      one:  {x : 1,y: 2 }
      # deep
      two:
          - p
          - q: 1
            r: 2


  text: |
    kept  as
     it is
  long: [a,
   b]
#end""".replace("\n", "\r\n")
STRICT = """# head

- id: own
  since: '1'  # why
  list: [a, b, "c"]
  map:
    one: {x: 1, y: 2}
    # deep
    two:
      - p
      - q: 1
        r: 2

  text: |
    kept  as
     it is
  long: [a,
    b]
# end
"""


def test_canonical_form() -> None:
    assert canonical(LOOSE) == STRICT
    assert canonical(STRICT) == STRICT


def test_fix_rewrites_and_says_what(tmp_path: Path) -> None:
    path = lay(tmp_path, "actors/groups/a.yaml", GROUP.replace("years: [2012, null]", "years:  [ 2012,null ]  # now"))
    other = lay(tmp_path, "notes.yaml", "a:   b")
    assert fix_folder(tmp_path) == [path]
    assert path.read_text(encoding="utf-8") == GROUP.replace("null]", "null]  # now")
    assert other.read_text(encoding="utf-8") == "a:   b"
    assert fix_folder(tmp_path) == []


def test_what_cannot_be_laid_out_is_left_and_said(tmp_path: Path) -> None:
    text = "? own key\n: own value\nnext: x\n"
    path = lay(tmp_path, "weights/claims.yaml", text)
    with pytest.raises(DataError, match="laid out anew"):
        fix_text(path, text)
    assert fix_folder(tmp_path) == [] and path.read_text(encoding="utf-8") == text


WORDS = st.text(st.sampled_from("ab cdé:#-,[]{}'\"&*!|>%@`قصف؟٣\\/?…"), max_size=12)
VALUES: Any = st.recursive(
    WORDS | st.integers(-9, 9) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(str.strip), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(WORDS.filter(str.strip), VALUES, min_size=1, max_size=4), min_size=1, max_size=3),
    st.booleans(),
)
def test_canonical_form_says_the_same(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, width=40)
    try:
        before = yaml.load(text, Loader)
    except yaml.YAMLError:
        return
    once = canonical(text)
    assert canonical(once) == once
    assert yaml.load(once, Loader) == before
