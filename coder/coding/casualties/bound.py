"""Numbers of people, bound to the words that tell their fate."""

from __future__ import annotations

from coder.coding.casualties.clause import COMMAS, CONJUNCTION, DASHES, NOUN_REACH, Clause, Item, amount, tried
from coder.coding.casualties.count import Count
from coder.coding.numbers import Number

_LEFT_REACH = 12  # words between an action and its victims: «قتل في الهجوم على الحاجز خمسة»
_RIGHT_REACH = 14  # words between victims and the verb behind them
_TOLL_REACH = 30  # words between "the death toll from …" and "has risen to 112"
_EXTRA_REACH = 8  # words between a number and the single victim that adds to it («ستة رجال … وامرأة»)
_LONGEST_STEM = 5  # letters of a word that may begin with و of itself («ولاية»); longer ones begin a new phrase
_NEAR = 3  # words between a number without a noun and the verb behind it
_OF_REACH = 10  # words between a number and "of the dead"

Fate = tuple[str, str]  # unit, rule


def bound_counts(clause: Clause) -> list[Count]:
    """A count for every number that has a fate; numbers that add up are followed by their parts."""
    out: list[Count] = []
    for n in clause.numbers:
        count = _bind(clause, n, out[-1] if out else None)
        if count is not None:
            out.append(count)
    return _sums(clause, out)


def _bind(clause: Clause, n: Number, previous: Count | None) -> Count | None:
    if clause.at(n.j, "thing") is not None:
        return None
    noun_j = clause.noun_end(n.j)
    part = any(clause.before(k, "part") is not None for k in (n.i, n.i - 1))
    of = next((x for k in range(n.j, min(clause.last, n.j + _OF_REACH)) if (x := clause.at(k, "of-dead"))), None)
    if of is not None and not any(clause.stop(k) for k in range(n.j, of.i)):
        return _count(clause, n, ("dead", of.rule), noun_j, part=True)
    fate = _beside(clause, n, noun_j) or _left(clause, n, noun_j, strict=True) or _right(clause, n, noun_j)
    if fate is None and not part:
        fate = _left(clause, n, noun_j, strict=False) or _toll_far(clause, n) or _with_next(clause, n, noun_j)
    part = part or (previous is not None and _apposed(clause, n, previous))
    if previous is not None and (part or (fate is None and _adds(clause, n, previous))):
        return _count(clause, n, fate or (previous.unit, previous.rule), noun_j, part or previous.part)
    if fate is None or (n.low == n.high == 1 and not _is_one(clause, n, noun_j)):
        return None
    return _count(clause, n, fate, noun_j)


def _with_next(clause: Clause, n: Number, noun_j: int) -> Fate | None:
    """The verb behind the number that this one adds to: "six guards and two nurses were killed"."""
    following = clause.number_at.get(noun_j + 1) if clause.at(noun_j, "also") is not None else None
    if following is None or noun_j == n.j or not clause.has_person(n.j, noun_j):
        return None
    return _right(clause, following, clause.noun_end(following.j))


def _apposed(clause: Clause, n: Number, previous: Count) -> bool:
    """Does a number only describe the people before it: "five of one family – four women and a boy"?"""
    behind = previous.noun_j == n.i and not _links(clause, n.i)
    return behind or any(w in DASHES for w in clause.words[max(previous.i, n.i - 2) : n.i])


def _links(clause: Clause, i: int) -> bool:
    """Does a conjunction or a comma stand before word ``i``, or in it?"""
    return (
        clause.words[i].startswith(CONJUNCTION) or clause.words[i - 1] in COMMAS or clause.before(i, "also") is not None
    )


def _is_one(clause: Clause, n: Number, noun_j: int) -> bool:
    """Does "one" count a person: «أحد الحراس», «مدني واحد», "one was killed"?"""
    if clause.at(n.i - 1, "person") is not None or clause.at(n.j, "passive") is not None:
        return True
    return any(clause.at(k, "person") or clause.at(k, "victim") for k in range(n.j, max(noun_j, n.j + 1)))


def _count(clause: Clause, n: Number, fate: Fate, noun_j: int, part: bool = False) -> Count:
    unit, rule = fate
    low, high, best, vague = n.low, n.high, n.best, n.vague
    if unit == "dead_or_wounded":
        low, best, high = 0, 0, None if vague else high
    noun_j, more = _extra(clause, n.j, noun_j)
    if more and low is not None and vague is None and unit != "dead_or_wounded":
        low, best = low + more, (best or 0) + more
        high = None if high is None else high + more
    return Count(
        n.i,
        max(noun_j, n.j),
        unit,
        low,
        high,
        best,
        n.estimated,
        vague,
        part,
        False,
        n.j,
        max(noun_j, n.j),
        rule,
    )


def _extra(clause: Clause, i: int, noun_j: int) -> tuple[int, int]:
    """Single victims that add to a number («ستة رجال وامرأة», ten soldiers and a nurse): (end, how many)."""
    more = 0
    inside = i
    for k in range(i, min(clause.last, max(noun_j, i) + _EXTRA_REACH)):
        link = clause.at(k, "also")
        inside = max(inside, link.j if link is not None else k)
        if k >= inside and clause.at(k, "break") is not None:
            break
        if clause.stop(k) or (k in clause.number_at and k > i) or clause.at(k, "action") or clause.at(k, "part"):
            break
        if clause.words[k] == "(":  # what a bracket lists are those counted («مدنيان اثنان (طفل ورجل)»)
            break
        person = clause.at(k, "person")
        value = amount(person) if person is not None and not person.definite else None
        if person is None or value is None or k <= i:
            continue
        also = clause.before(k, "also") or (clause.before(k - 1, "also") if clause.at(k - 1, "one") else None)
        if (person.joined and value == 1 and "n.sg" in person.features) or also is not None:
            if also is None and clause.at(k - 1, "person") is None and clause.at(k - 1, "victim") is None:
                continue
            more, noun_j = more + value, max(noun_j, person.j)
    return noun_j, more


def _beside(clause: Clause, n: Number, noun_j: int) -> Fate | None:
    """The victim noun behind a number, at once or behind the people («15 people dead»)."""
    for k in range(n.j, min(clause.last, max(noun_j, n.j) + 1)):
        mixed = clause.at(k, "mixed")
        if mixed is not None and k <= n.j + 2:
            return "dead_or_wounded", mixed.rule
        victim = clause.at(k, "victim")
        if victim is not None and k <= n.j + 3:
            return None if victim.joined else (str(victim.data["unit"]), victim.rule)
    return None


def _left(clause: Clause, n: Number, noun_j: int, strict: bool) -> Fate | None:
    """The action or toll that governs a number behind it; ``strict``: with nothing but fillers between."""
    k = n.i
    for step in range(_LEFT_REACH):
        if k <= clause.first:
            return None
        found = _governs(clause, k, n, noun_j)
        if found is not None:
            return found
        k -= 1
        word = clause.words[k]
        if clause.stop(k) or (word in COMMAS and step) or k in clause.in_number:
            return None
        filler = clause.at(k, "skip")
        if strict and (filler is None or filler.joined):
            return None
        met = clause.before(k, "action")
        with_others = met is not None and met.data["victims"] == "before"
        if (clause.at(k, "also") is not None and not with_others) or (
            not strict and clause.at(k, "passive") is not None
        ):
            return None
        if not strict and word.startswith(CONJUNCTION) and len(word) > (3 if k == n.i - 1 else _LONGEST_STEM):
            return None
    return None


def _governs(clause: Clause, k: int, n: Number, noun_j: int) -> Fate | None:
    mixed = clause.before(k, "mixed")
    if mixed is not None:
        return "dead_or_wounded", mixed.rule
    toll = clause.before(k, "toll")
    if toll is not None:
        return str(toll.data["unit"]), toll.rule
    action = clause.before(k, "action")
    if action is None or tried(clause, action) or (action.behind and k < n.i):
        return None
    if action.data["victims"] == "before" and clause.at(action.j, "also") is None:
        return None
    if action.data.get("needs") == "person" and not clause.has_person(n.j, noun_j):
        return None
    if k < n.i and clause.before(action.i, "passive") is not None:
        return None
    return str(action.data["unit"]), action.rule


def _right(clause: Clause, n: Number, noun_j: int) -> Fate | None:
    """The verb behind its victims: "ten people were killed", «خمسة جنود قتلوا»."""
    start = max(noun_j, n.j)
    raised = clause.at(n.i - 1, "skip") is not None
    for k in range(start, min(clause.last, start + _RIGHT_REACH)):
        if clause.stop(k) or (clause.at(k, "also") is not None and k + 1 in clause.number_at):
            return None
        mixed = clause.at(k, "mixed")
        if mixed is not None:
            return "dead_or_wounded", mixed.rule
        toll = clause.at(k, "toll")
        if toll is not None and raised and not toll.joined:
            return str(toll.data["unit"]), toll.rule
        action = clause.at(k, "action")
        if action is not None:
            far = k - n.j > _NEAR and not any(clause.at(m, "person") for m in range(n.j, noun_j))
            return None if far else _suffered(clause, action, n, noun_j)
    return None


def _suffered(clause: Clause, action: Item, n: Number, noun_j: int) -> Fate | None:
    if action.data["victims"] == "after" or action.joined:
        return None
    if action.data.get("needs") == "person" and not clause.has_person(n.j, noun_j):
        return None
    past = action.data["victims"] == "before" or any("past" in f or "pp" in f or not f for f in action.features)
    if not past or (clause.has_object(action) and not clause.passive(action)):
        return None
    return str(action.data["unit"]), action.rule


def _toll_far(clause: Clause, n: Number) -> Fate | None:
    """ "The death toll from the attack … has risen to 112"."""
    if clause.at(n.i - 1, "skip") is None:
        return None
    for k in range(n.i - 1, max(clause.first - 1, n.i - _TOLL_REACH), -1):
        action = clause.at(k, "action")
        if clause.stop(k) or (action is not None and "v.past" in action.features):
            return None
        toll = clause.at(k, "toll")
        if toll is not None:
            return str(toll.data["unit"]), toll.rule
    return None


def _adds(clause: Clause, n: Number, previous: Count) -> bool:
    """Does a number go on with the count before it: «عشرة جنود وثلاثة عمال», «33 في حلب و25 في درعا»?"""
    gap = range(previous.noun_j, n.i)
    if len(gap) > NOUN_REACH or any(clause.stop(k) or clause.at(k, "action") for k in gap):
        return False
    joined = (
        clause.words[n.i].startswith(CONJUNCTION)
        or any(
            clause.at(k, "also") is not None or clause.words[k] in COMMAS or clause.words[k] == CONJUNCTION
            for k in range(max(clause.first, n.i - 1), n.i)
        )
        or clause.before(n.i, "also") is not None
    )
    noun_j = clause.noun_end(n.j)
    if joined and previous.rule.endswith("distribution"):
        return True
    return joined and noun_j > n.j and clause.has_person(n.j, noun_j)


def _sums(clause: Clause, counts: list[Count]) -> list[Count]:
    """Numbers that add up («عشرة جنود وثلاثة عمال») become their sum, and parts of it."""
    out: list[Count] = []
    run: list[Count] = []
    for c in counts:
        if run and not _sums_with(clause, run[-1], c):
            out += _sum(run)
            run = []
        run.append(c)
    return out + _sum(run)


def _sums_with(clause: Clause, a: Count, b: Count) -> bool:
    if a.part or b.part or a.vague or b.vague or (a.unit, a.rule) != (b.unit, b.rule):
        return False
    if a.rule.endswith("distribution"):
        return False
    return not any(clause.at(k, "action") is not None or clause.stop(k) for k in range(a.noun_j, b.i))


def _sum(run: list[Count]) -> list[Count]:
    if len(run) < 2 or any(c.low is None for c in run):
        return run
    low = sum(c.low or 0 for c in run)
    high = None if any(c.high is None for c in run) else sum(c.high or 0 for c in run)
    total = run[0]._replace(j=run[-1].j, low=low, high=high, best=low, estimated=any(c.estimated for c in run))
    return [total, *(c._replace(part=True) for c in run)]
