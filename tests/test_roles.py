"""The roles of lines: every rule proves itself; parts tile the text; the shapes of real pages are read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.paths import data_dir
from coder.reading.lines import paragraphs
from coder.reading.role_rules import RoleRuleError, load_roles, nested_quantifier
from coder.reading.roles import check_roles, read_roles, tag_parts

RULES = load_roles([data_dir()])
LEAD = "قتل ثلاثة جنود وأصيب خمسة آخرون في هجوم على حاجز شرق المدينة فجر الاثنين، بحسب مصدر عسكري."
MORE = "وقال شهود إن المهاجمين انسحبوا قبل وصول التعزيزات إلى المكان بنحو ساعة."
EN_LEAD = "Three soldiers were killed on Monday when gunmen attacked a checkpoint east of the city."
EN_MORE = "Residents said that the gunmen withdrew an hour before reinforcements reached the place."


def roles_of(text: str, title: str | None = None) -> list[tuple[str, str]]:
    """(role, the words) of every line or piece of a line."""
    return [(r.role, text[r.start : r.end].strip()) for r in read_roles(text, title, RULES)]


def role_of(line: str, text: str) -> str:
    return next(role for role, words in roles_of(text) if words == line)


def test_every_rule_reads_its_examples_and_not_its_counter_examples() -> None:
    assert check_roles(RULES) == []


def test_ids_say_language_and_role() -> None:
    for rule in RULES.rules:
        assert rule.id.split(".")[1] == "role" and rule.counter_examples, rule.id


def test_a_page_with_everything() -> None:
    text = "\n\n".join(
        [
            "متابعة فلانة الفلاني:",
            LEAD,
            "موضوعات متعلقة:",
            "النازحون في الشمال: من يعود أولا؟",
            "رغم الهدنة.. تعثر خروج القوافل من البلدة",
            MORE,
            "تل الزهور: كمين ليلي",
            LEAD,
            "*الصورة: دورية عند مدخل البلدة/وكالة الصحافة الفرنسية",
            "يمكنكم التواصل معنا عبر تطبيق «واتساب» على الرقم 0012345678901",
            "مواضيع ذات صلة:",
        ]
    )
    expected = "byline body related related related body heading body caption contact related"
    assert [role for role, _ in roles_of(text)] == expected.split()


def test_related_list_ends_where_a_paragraph_begins() -> None:
    text = f"{EN_LEAD}\n\nRelated stories:\nTwo soldiers die in ambush\nCabinet extends truce\n\n{EN_MORE}"
    assert [r for r, _ in roles_of(text)] == ["body", "related", "related", "related", "body"]


def test_dense_list_ends_at_a_blank_line() -> None:
    text = f"{EN_LEAD}\n\nRead more\nTwo die in ambush\nCabinet extends truce\n\nNew toll\n\n{EN_MORE}"
    assert role_of("New toll", text) == "heading"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("دمشق - أ ش أ", "byline"),
        ("الخرطوم / سونا", "byline"),
        ("طرابلس (رويترز)", "byline"),
        ("وكالات – صنعاء", "byline"),
        ("كتب: فلان الفلاني", "byline"),
        ("الأربعاء 15 يونيو 2016", "byline"),
        ("By Jane Doe", "byline"),
        ("BEIRUT - Reuters", "byline"),
        ("Jane Doe in Beirut", "byline"),
        ("March 4, 2015", "byline"),
        ("الرئيسية > أخبار > العالم العربي", "navigation"),
        ("Home > News > Middle East", "navigation"),
        ("صورة أرشيفية", "caption"),
        ("دورية للجيش عند مدخل البلدة (رويترز)", "caption"),
        ("FILE - Soldiers patrol the old town, May 3, 2014.", "caption"),
        ("Rescuers search the rubble of a market [Anadolu]", "caption"),
    ],
)
def test_lines_before_the_article(line: str, role: str) -> None:
    assert role_of(line, f"{line}\n{LEAD}\n{MORE}") == role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("وكالات", "credit"),
        ("(رويترز)", "credit"),
        ("المصدر: أ ف ب", "credit"),
        ("--Reuters", "credit"),
        ("(AFP)", "credit"),
        ("(Reporting by Jane Doe; Editing by John Roe)", "credit"),
        ("Agencies contributed to this report.", "credit"),
        ("// انتهى //", "navigation"),
        ("12:45 ت م", "navigation"),
        ("سمات اليمن عدن", "navigation"),
        ("#حلب #سوريا", "navigation"),
        ("جميع الحقوق محفوظة", "navigation"),
        ("Copyright 2015 The Daily Example", "navigation"),
        ("Correction: an earlier version of this article gave another figure.", "navigation"),
        ("تابعونا على فيسبوك", "contact"),
        ("kateb@example.org", "contact"),
        ("Sign up for our newsletter", "contact"),
        ("© Getty Images", "caption"),
        ("اقرأ أيضًا: هدنة جديدة في الجنوب", "related"),
        ("فلان الفلاني", "byline"),
    ],
)
def test_lines_behind_the_article(line: str, role: str) -> None:
    assert role_of(line, f"{LEAD}\n{MORE}\n{line}") == role


@pytest.mark.parametrize(
    "line",
    [
        "بيروت (رويترز) - قالت مصادر أمنية إن سبعة أشخاص قتلوا في انفجار سيارة ملغومة.",
        "BEIRUT (Reuters) - Seven people died when a car bomb went off, security sources said.",
        "By nightfall the army had taken the hill and three nearby farms, a spokesman said.",
        "كتب الرئيس في تغريدة أن الجيش دخل المدينة فجرا.",
        "وقال المتحدث: قتل عشرة من المهاجمين.",
        "المصدر ذاته أكد مقتل خمسة من المهاجمين في الكمين.",
        "Share of the blame lies with the militia, the mayor said.",
        "Related violence killed two officers in the town on Monday, the police said.",
    ],
)
def test_sentences_stay_body(line: str) -> None:
    for text in (f"{line}\n{LEAD}", f"{LEAD}\n{line}\n{MORE}", f"{LEAD}\n{line}"):
        assert role_of(line, text) == "body"


def test_broken_lines_are_no_headings() -> None:
    broken = "قتل ثلاثة جنود أمس في هجوم على حاجز\nشرق المدينة القديمة\nبعد يوم من قصف استهدف قرية قريبة."
    text = f"{broken}\n{MORE}"
    assert {role for role, _ in roles_of(text)} == {"body"}


def test_what_a_flattened_page_carries_is_taken_off() -> None:
    title = "Gunmen kill three soldiers"
    text = f"{title}\nPublished March 4 2015 {title}. {EN_LEAD} Reporting by Jane Doe; Editing by John Roe"
    assert [r for r, _ in roles_of(text, title)] == ["title", "byline", "title", "body", "credit"]
    assert roles_of(text, title)[3][1] == EN_LEAD


def test_closing_credit_is_found_with_its_span() -> None:
    assert roles_of(f"{LEAD}\n{MORE} (رويترز)")[-1] == ("credit", "(رويترز)")


def test_marks_and_tatweel_do_not_hide_a_cue() -> None:
    assert role_of("إقـرأ أيضاً:", f"{LEAD}\nإقـرأ أيضاً:\nهدنة جديدة") == "related"


def test_a_title_stays_one_part_with_its_line_break() -> None:
    assert tag_parts(f"هجوم على حاجز\n{LEAD}", "هجوم على حاجز", RULES)[0] == (0, 14, "title")


PLAIN = [LEAD, MORE, EN_LEAD, EN_MORE, "", " ", "\u200f", "هدنة"]
LINES = st.sampled_from([*PLAIN, "اقرأ أيضا:", "وكالات", "دمشق - أ ش أ", "Related:", "(AFP)", "***"])
PAGES = st.lists(st.one_of(LINES, st.text(max_size=60)), max_size=14).map("\n".join)
MESSY = st.one_of(st.text(max_size=400), PAGES)


@settings(max_examples=200, deadline=None)
@given(MESSY, st.one_of(st.none(), st.text(min_size=1, max_size=30)))
def test_parts_tile_any_text(body: str, title: str | None) -> None:
    text = f"{title}\n{body}" if title else body
    parts = tag_parts(text, title, RULES)
    assert "".join(text[p.start : p.end] for p in parts) == text
    at = 0
    for part in parts:
        assert part.start == at and part.end > part.start
        at = part.end
    assert at == len(text)


@pytest.mark.parametrize("piece", ["(", "a.", "… (", "اقرأ أيضا:\n", "أ - ", "x@", "> ", "1:", "وكالات\n"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.perf_counter()
    tag_parts(text, None, RULES)
    assert time.perf_counter() - began < 5


def test_nested_repetition_is_told() -> None:
    assert nested_quantifier(r"(?:a+)+") and nested_quantifier(r"(?:a|b{2,3})*")
    assert not nested_quantifier(r"(?:a+)?b*") and not nested_quantifier(r"[(*]+\)*")


def write_rules(folder: Path, text: str) -> Path:
    (folder / "rules" / "en").mkdir(parents=True)
    (folder / "rules" / "en" / "roles.yaml").write_text(text, encoding="utf-8")
    return folder


RULE = "rules:\n- {id: en.role.mine, since: 0.1.0, role: contact, match: cue, cues: [dial us], examples: [Dial us]}\n"


def test_a_project_adds_and_replaces_rules(tmp_path: Path) -> None:
    rules = load_roles([data_dir(), write_rules(tmp_path, RULE)])
    assert tag_parts("Dial us now", None, rules)[0].role == "contact"
    replaced = RULE.replace("en.role.mine", "en.role.contact")
    (tmp_path / "rules" / "en" / "roles.yaml").write_text(replaced, encoding="utf-8")
    rules = load_roles([data_dir(), tmp_path])
    assert len(rules.rules) == len(RULES.rules)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cues:", "cue:", "unknown key 'cue'"),
        ("rules:", "rules: [", "not readable as YAML"),
        ("role: contact", "role: phone", "role 'phone' is none of"),
        ("match: cue, cues: [dial us]", "match: pattern, patterns: ['(?:a+)+']", "repeats a repetition"),
        ("match: cue, cues: [dial us]", "match: pattern, patterns: ['(a)']", "group that captures"),
        ("match: cue, cues: [dial us]", "match: pattern, patterns: ['{nobody}']", "is none of the words"),
        ("match: cue, cues: [dial us]", "match: pattern, patterns: ['[a']", "no regular expression"),
        ("cues: [dial us]", "cues: ['!']", "has no word"),
        (", examples: [Dial us]", "", "lacks examples"),
    ],
)
def test_a_faulty_rule_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RoleRuleError, match=said.replace("(", r"\(")):
        load_roles([data_dir(), write_rules(tmp_path, RULE.replace(old, new))])


def joined(text: str) -> list[str]:
    return [" ".join(text[a:b].split()) for a, b in paragraphs(text, 0, len(text))]


def test_breaks_inside_a_sentence_end_no_paragraph() -> None:
    link = "وقال رئيس المجلس، \nفلان الفلاني،\n إن القتال توقف بعد وساطة.\nوأضاف أن المفاوضات مستمرة."
    assert joined(link) == [
        "وقال رئيس المجلس، فلان الفلاني، إن القتال توقف بعد وساطة.",
        "وأضاف أن المفاوضات مستمرة.",
    ]
    fixed = "قتل سبعة جنود في هجوم على حاجز عند المدخل\nالشرقي للبلدة التي يسيطر عليها الجيش منذ\n"
    fixed += "شهر بعد معارك استمرت أسبوعين في المنطقة.\nوقال مصدر طبي إن عدد الجرحى بلغ خمسة عشر\nبينهم طفلان."
    assert [len(p.split()) for p in joined(fixed)] == [23, 11]


def test_headings_and_paragraphs_stay_apart() -> None:
    text = f"{LEAD}\nحصيلة جديدة \n {MORE}\nوقال آخرون إن الهجوم بدأ عند الفجر\nوأكد الجيش النبأ"
    assert len(joined(text)) == 5


def test_a_text_without_title_brings_its_own() -> None:
    text = f"هجوم على حاجز شرق المدينة\n\nوكالات – بغداد\n\n{LEAD}\n{MORE}"
    assert [r for r, _ in roles_of(text)] == ["title", "byline", "body", "body"]
    assert [r for r, _ in roles_of(f"Raid\n{text}", "Raid")] == ["title", "heading", "byline", "body", "body"]


def test_a_long_caption_is_one() -> None:
    caption = (
        "Rescuers carry a wounded man " + "past the ruins of the market " * 6 + "on Monday. Photograph: Jane Doe/AP"
    )
    assert role_of(caption, f"{caption}\n\n{EN_LEAD}\n{EN_MORE}") == "caption"
