"""The page: nothing from outside, every text escaped, sound without scripts, at work in a real browser."""

import html
import html.parser
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small_dataset

from coder.report import atlas, report
from coder.report.contested import contested_columns
from coder.report.outlines import outlines
from coder.report.timeline import timeline

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
VOID = {"meta", "br", "input", "link", "img", "hr"}


class Page(html.parser.HTMLParser):
    """The elements of a page, their attributes, and the texts outside script and style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)
        elif self.open and self.open[-1] == "script":
            self.scripts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    out = tmp_path / "report.html"
    report(small_dataset.write(tmp_path / "data"), out, "Events <&> more")
    return out


@pytest.fixture
def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_alone(page: Page) -> None:
    assert not page.open
    for _, attributes in page.elements:
        for name in ("src", "href", "action", "srcset", "data"):
            assert (attributes.get(name) or "#").startswith("#")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert not page.all("link") and not page.all("img") and not page.all("iframe")


def test_its_policy_allows_its_own_script_and_style_alone(page: Page) -> None:
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    hashed = r"style-src 'sha256-\S+'; script-src 'sha256-\S+'"
    assert re.fullmatch(rf"default-src 'none'; {hashed}; base-uri 'none'; form-action 'none'", policy)


def test_hostile_text_stays_text(page: Page) -> None:
    assert len(page.all("script")) == 2
    assert not page.all("b")
    shown = "".join(page.texts)
    assert '<b onclick=x>said</b> an officer "there' in shown
    assert "Events <&> more" in shown


def test_contested_accounts_keep_their_direction_and_role(page: Page) -> None:
    quotations = page.all("blockquote")
    assert {(q["lang"], q["dir"]) for q in quotations} == {("ar", "rtl"), ("en", "ltr")}
    assert len(quotations) == 4
    roles = [a["class"] for a in page.all("div") if (a.get("class") or "").startswith("account ")]
    assert roles == ["account denies", "account supports", "account disputes", "account supports"]


def test_every_event_is_a_row_and_on_the_map(page: Page) -> None:
    rows = {row.get("id") for row in page.all("tr")} - {None}
    assert rows == {event["event_id_cnty"] for event in small_dataset.events()}
    points = json.loads(next(text for text in page.scripts if text.startswith("{")))
    assert len(points["points"]) == 4 * len(rows)
    assert sum(int(found[1]) for t in page.texts if (found := re.match(r"(\d+) events?, mostly", t))) == len(rows)


def test_the_same_dataset_gives_the_same_page(path: Path, tmp_path: Path) -> None:
    report(tmp_path / "data", tmp_path / "again.html", "Events <&> more")
    assert path.read_bytes() == (tmp_path / "again.html").read_bytes()


def test_a_dataset_without_events_has_a_page_too(tmp_path: Path) -> None:
    folder = small_dataset.write(tmp_path / "none", events=[], event_claims=[], claims=[], articles=[])
    report(folder, tmp_path / "none.html")
    assert "No event." in (tmp_path / "none.html").read_text(encoding="utf-8")


def test_columns_that_are_contested() -> None:
    text = "actor1: A: B [C] | D [E; F]; fatalities: 2 [B] | 50 [E]; modality: asserted [x] | denied [y]"
    assert contested_columns(text) == ("actor1", "fatalities", "modality")


def test_clusters_hold_every_spot_once_and_show_precision() -> None:
    spots = [atlas.Spot(36 + n / 100, 33 + n / 200, n % 6, 1 + n % 3) for n in range(300)]
    spots.append(atlas.Spot(-77, 39, 0, 1))
    view = atlas.view_of(spots)
    found = atlas.clusters(view, spots)
    assert sorted(n for c in found for n in c.spots) == list(range(301))
    assert all(sum(c.precisions) == c.n == len(c.spots) for c in found)
    x, y = view.place(-77, 39)
    assert not (0 <= x <= atlas.WIDTH and 0 <= y <= atlas.HEIGHT)


def test_outlines_are_closed_and_on_the_globe() -> None:
    assert len(outlines()) > 170
    for outline in outlines():
        for ring in outline.rings:
            assert ring[0] == ring[-1]
            assert all(-180.1 <= x <= 180.1 and -90 <= y <= 90 for x, y in ring)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        ([date(2016, 6, 1), date(2016, 6, 30)], "day"),
        ([date(2016, 6, 1), date(2017, 6, 30)], "week"),
        ([date(2012, 6, 1), date(2018, 6, 30)], "month"),
        ([date(1982, 6, 1), date(2018, 6, 30)], "year"),
    ],
)
def test_the_timeline_chooses_its_unit_and_loses_nothing(days: list[date], unit: str) -> None:
    found = timeline([(day, 0) for day in days], 6, 960, 180)
    assert found.unit == unit
    assert sum(bar.n for bar in found.bars) + found.before + found.after == len(days)
    assert len(found.bars) <= 102


def in_browser(path: Path, profile: Path) -> "subprocess.CompletedProcess[str]":
    """The page as Chromium has it after its scripts ran, and what Chromium complains of."""
    assert BROWSER is not None
    call = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    more = [f"--user-data-dir={profile}", "--virtual-time-budget=3000", "--dump-dom", path.as_uri()]
    return subprocess.run([*call, *more], capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
def test_in_a_browser_the_script_runs_and_nothing_is_refused(path: Path, tmp_path: Path) -> None:
    done = in_browser(path, tmp_path / "profile")
    assert "3 of 3 events" in done.stdout
    assert 'aria-label="2 events, mostly' in done.stdout
    assert "Content Security Policy" not in done.stderr
    assert "Uncaught" not in done.stderr


ACTIONS = """<script>
const told = [], tell = () => told.push(document.getElementById("found").textContent.trim());
const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const click = new MouseEvent("click", { bubbles: true, cancelable: true });
document.querySelector("#clusters a").dispatchEvent(click);
tell();
document.getElementById("filters").reset();
setTimeout(() => {
  press(document.querySelector(".bar"), "Enter");
  tell();
  press(document.getElementById("atlas"), "+");
  told.push(document.getElementById("atlas").getAttribute("viewBox"));
  document.getElementById("filters").reset();
  document.getElementById("query").value = "ISLAMIC sirte";
  document.getElementById("query").dispatchEvent(new Event("input"));
  setTimeout(() => { tell(); document.title = JSON.stringify(told); }, 400);
}, 100);
</script></body>"""


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
def test_clusters_bars_keys_and_search_work(path: Path, tmp_path: Path) -> None:
    text = re.sub("<meta http-equiv[^>]*>", "", path.read_text(encoding="utf-8"))
    path.write_text(text.replace("</body>", ACTIONS), encoding="utf-8")
    title = re.search("<title>(.*?)</title>", in_browser(path, tmp_path / "profile").stdout)
    assert title is not None
    assert json.loads(html.unescape(title[1])) == [
        "2 of 3 events of the circle chosen on the map",
        "2 of 3 events from 2016-06-15 to 2016-06-15",
        "240 140 480 280",
        "1 of 3 events",
    ]


def test_the_command_names_a_file_after_the_dataset(tmp_path: Path, monkeypatch: Any) -> None:
    from typer.testing import CliRunner

    from coder import cli

    monkeypatch.chdir(tmp_path)
    small_dataset.write(tmp_path / "data")
    result = CliRunner().invoke(cli.app, ["report", "data"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "data-report.html").is_file()
