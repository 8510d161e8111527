"""Victims without a number: «مقتل جندي», "killing civilians", «سقوط قتلى», "no one was hurt"."""

from __future__ import annotations

from coder.coding.casualties.clause import COMMAS, Clause, Item, amount, tried
from coder.coding.casualties.count import Count, plain

_OBJECT_REACH = 3  # words between an action and its victim
_ONE_REACH = 7  # the same where a determiner says that one follows ("killed a retired Hindu school teacher")
_SUBJECT_REACH = 7  # words between a victim and the passive behind it
_MEET_REACH = 12  # words between «لقي» and «مصرعه»
_SECOND_REACH = 5  # words between "and" and the second of two victims
_NEAR = 2  # words between victims without a number and what they suffered
_BARS = ("also", "action", "passive", "break", "part", "person")
_ENDS_OBJECT = ("skip", "action", "passive", "also", "break", "part")
_ARTICLES = frozenset(("the", "of"))


def bare_counts(clause: Clause, used: set[int]) -> list[Count]:
    """The counts that no number gives; ``used`` are the words that have told one already, and grows."""
    out: list[Count] = []
    for (i, kind), item in sorted(clause.starts.items(), key=lambda e: e[0]):
        if i in used:
            continue
        count = None
        if kind in ("victim", "mixed"):
            count = _victim(clause, item)
        elif kind == "action":
            count = _met(clause, item) or _object(clause, item) or _subject(clause, item) or _pronoun(item)
        if count is not None and not used.intersection((*range(count.i, count.j), *range(count.noun_i, count.noun_j))):
            out.append(count)
            used.update(range(count.i, count.j))
    return out


def nobody_counts(clause: Clause) -> list[Count]:
    """Zero for every fate that the text denies."""
    return [plain(x.i, x.j, (x.j, x.j), str(unit), 0, x.rule) for x in clause.all("none") for unit in x.data["units"]]


def word_counts(clause: Clause, kind: str, used: set[int]) -> list[Count]:
    """Vague words for many dead, or the statement that an attacker died."""
    people = 1 if kind == "attacker" else None
    return [
        plain(x.i, x.j, (x.j, x.j), str(x.data["unit"]), people, x.rule)
        for x in clause.all(kind)
        if not used.intersection(range(x.i, x.j))
    ]


def _victim(clause: Clause, item: Item) -> Count | None:
    bare = item.data.get("bare")
    if (
        bare not in ("count", "plural")
        or item.definite
        or (item.i > clause.first and clause.words[item.i - 1] in _ARTICLES)
    ):
        return None
    if bare == "plural" and "n.pl" not in item.features:
        return None
    value = None if item.features == {""} else amount(item)
    return plain(item.i, item.j, (item.i, item.j), str(item.data["unit"]), value, item.rule)


def _object(clause: Clause, action: Item) -> Count | None:
    """«مقتل جندي», "killed a soldier", "killing civilians"."""
    if action.data["victims"] == "before" or action.behind or tried(clause, action):
        return None
    one = False
    for k in range(action.j, min(clause.last, action.j + _ONE_REACH)):
        if k >= action.j + _OBJECT_REACH and not one:
            return None
        if k in clause.in_number or clause.stop(k) or clause.words[k] in COMMAS or clause.words[k][0].isdigit():
            return None
        person = clause.at(k, "person")
        if person is not None:
            if k > action.j and person.definite and not one:
                return None
            return _victim_of(clause, action, person, one)
        if clause.at(k, "one") is not None:
            one = True
        elif any(clause.at(k, kind) is not None for kind in _ENDS_OBJECT):
            return None
    return None


def _victim_of(clause: Clause, action: Item, person: Item, one: bool) -> Count | None:
    next_number = person.j in clause.number_at or (
        person.j + 1 in clause.number_at and clause.at(person.j, "action") is None
    )
    if next_number or person.joined or not _alone(person):
        return None
    value = 1 + _second(clause, person.j) if one else amount(person)
    if value is None and action.data.get("needs") == "person" and "" not in action.features:
        return None  # «اختطف مسلحون»: those who act
    return plain(action.i, person.j, (person.i, person.j), str(action.data["unit"]), value, action.rule)


def _second(clause: Clause, j: int) -> int:
    """One more where a second single victim is joined at word ``j``: "a trader and his brother"."""
    link = clause.at(j, "also")
    if link is None or not (clause.at(link.j, "one") or clause.at(link.j, "skip")):
        return 0
    for k in range(link.j, min(clause.last, link.j + _SECOND_REACH)):
        person = clause.at(k, "person")
        if person is not None:
            return int(person.features == {"n.sg"})
        if clause.stop(k) or k in clause.in_number or clause.at(k, "action") or clause.at(k, "break"):
            return 0
    return 0


def _alone(person: Item) -> bool:
    """Can the noun stand for victims without a number? «آخر» can, «آخرين» cannot."""
    bare = person.data.get("bare")
    return bare is None or (bare == "single" and person.features == {"n.sg"})


def _subject(clause: Clause, action: Item) -> Count | None:
    """ "A policeman was shot dead", "civilians were killed", «أن جنديين قتلا»."""
    if action.data["victims"] == "after":
        return None
    suffered = clause.passive(action) or action.data["victims"] == "before"
    for k in range(action.i - 1, max(clause.first - 1, action.i - _SUBJECT_REACH), -1):
        if clause.words[k] in COMMAS and k == action.i - 2:
            return _single(clause, action)  # "Salim, a grocer, was killed"
        if clause.stop(k) or clause.words[k] in COMMAS or k in clause.in_number:
            return None
        person = clause.at(k, "person")
        if person is None or not _alone(person):
            continue
        found = _sufferer(clause, action, person, suffered)
        return found if found is not None or "n.pl" in person.features else _single(clause, action)
    return _single(clause, action)


def _single(clause: Clause, action: Item) -> Count | None:
    """The one whom a singular verb tells to have suffered: "Salim was killed"."""
    verb = clause.before(action.i, "passive")
    if verb is None or "amount" not in verb.data or clause.has_object(action):
        return None
    return plain(
        verb.i, action.j, (action.j, action.j), str(action.data["unit"]), int(verb.data["amount"]), action.rule
    )


def _sufferer(clause: Clause, action: Item, person: Item, suffered: bool) -> Count | None:
    value: int | None = 1
    single = _one_before(clause, person)
    near = action.i - person.j <= _NEAR
    if single is None and suffered and near and person.features == {"n.sg"}:
        single, value = _first_of_two(clause, person), 2
    if suffered and single is not None:
        first = single
    elif suffered and near and person.features == {"n.pl"} and clause.words[person.i - 1] not in _ARTICLES:
        first, value = person.i, None
    elif (
        near
        and "n.du" in person.features
        and not clause.has_object(action)
        and any(f.startswith("v.past") for f in action.features)
    ):
        first, value = person.i, 2
    else:
        return None
    return plain(first, action.j, (person.i, person.j), str(action.data["unit"]), value, action.rule)


def _one_before(clause: Clause, person: Item) -> int | None:
    """The determiner of a single person, before the words that describe them."""
    for k in range(person.i - 1, max(clause.first - 1, person.i - _ONE_REACH), -1):
        if clause.at(k, "one") is not None:
            return k
        barred = k in clause.in_number or clause.words[k] in COMMAS or clause.words[k] in _ARTICLES
        if barred or clause.stop(k) or any(clause.at(k, kind) for kind in _BARS):
            return None
    return None


def _first_of_two(clause: Clause, person: Item) -> int | None:
    """The determiner of the first of two single people: "a trader and his brother were killed"."""
    for k in range(person.i - 1, max(clause.first - 1, person.i - _SECOND_REACH), -1):
        if clause.at(k, "also") is not None:
            first = clause.before(k, "person")
            return None if first is None or first.features != {"n.sg"} else _one_before(clause, first)
    return None


def _met(clause: Clause, action: Item) -> Count | None:
    """«لقي مسؤول في البلدة مصرعه», «جنديين لقيا مصرعهما»."""
    if action.data["victims"] != "before":
        return None
    start = max(clause.first, action.i - _MEET_REACH)
    meet = next((x for k in range(action.i, start, -1) if (x := clause.before(k, "meet"))), None)
    if meet is None:
        return None
    around = [*range(meet.j, action.i), *range(meet.i - 1, max(clause.first - 1, meet.i - 4), -1)]
    person = next((x for k in around if (x := clause.at(k, "person"))), None)
    if person is None or clause.in_number.intersection(range(min(meet.i, person.i - 1), action.i)):
        return None
    value = amount(person)
    return plain(min(meet.i, person.i), action.j, (person.i, person.j), str(action.data["unit"]), value, action.rule)


def _pronoun(action: Item) -> Count | None:
    """«أدى إلى مقتله»: one victim, named elsewhere."""
    alone = action.data.get("alone")
    if alone is None:
        return None
    return plain(action.i, action.j, (action.j, action.j), str(action.data["unit"]), int(alone), action.rule)
