"""Who is named: actor names, descriptions and nationalities joined into mentions (codebook section 4)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from coder.coding.scan import Scan, countries_named, lives
from coder.knowledge.actors import Actor
from coder.knowledge.lexicon import Match
from coder.language import LANGUAGES

_STATE = frozenset(("police", "authorities", "military", "government", "intelligence", "border"))
_MARKS = frozenset('«»“”"')  # Arabic pages open and close with any of them
_NO_OWNERS = frozenset(("civilians", "nation", "protesters", "government"))
_LINK_REACH = 4  # words between a head and the name that it belongs to


@dataclass(slots=True, unsafe_hash=True)
class Mention:
    """Words [i, j) that name an actor.

    ``head`` is a generic description (soldiers, gunmen, people), ``name`` a named group, force or state, ``nation``
    the country whose people or forces they are; at least one of the three is given. Read-only, as are the other
    small values of this package, but not frozen: there are hundreds an article, and a frozen one takes twice as long.
    """

    i: int
    j: int
    head: Actor | None
    name: Actor | None
    nation: str | None
    before: str = ""
    features: str = ""
    place: bool = False  # a country's own name, which may stand for its forces
    owned: bool = False  # a pronoun says whose it is («قواته», "its forces")

    @property
    def resolves(self) -> str:
        """The class of actor: a class of ``generic.yaml``, or group, force, state, nation."""
        if self.name is not None:
            return self.name.kind
        if self.head is not None:
            return str(self.head.data["resolves"])
        return "nation"

    @property
    def thing(self) -> bool:
        """Does it stand for its owner (a checkpoint, a convoy) rather than name people?"""
        return self.head is not None and bool(self.head.data.get("thing")) and self.name is None

    @property
    def idle(self) -> bool:
        """Is it a thing that does no deed (a checkpoint), unlike tanks and aircraft?"""
        return self.thing and not (self.head is not None and self.head.data.get("acts"))

    @property
    def official(self) -> bool:
        """Is it an official of a state, no force of it?"""
        data = self.head.data if self.head is not None else {}
        unarmed = data.get("as_victim") == "civilians" and not data.get("mob")
        return unarmed and (self.name is None or self.name.kind == "state")

    @property
    def part(self) -> bool:
        """Is it a part («عناصر», "members") of a group that is not named beside it?"""
        return self.name is None and self.nation is None and self.head is not None and bool(self.head.data.get("part"))

    @property
    def weak(self) -> bool:
        """Is it a description that tells nothing of who they are («قتلى», "people")?"""
        return self.name is None and self.head is not None and bool(self.head.data.get("weak"))

    @property
    def victim(self) -> bool:
        """May it stand behind a number of dead or hurt?"""
        return self.head is not None and bool(self.head.data.get("victim"))


def owned_by(m: Mention, owner: Mention) -> Mention:
    """A mention that leaves its owner to a pronoun, as the owner's («its forces»: Russia's)."""
    name = owner.name
    if name is not None and name.kind in ("force", "state"):
        return replace(m, nation=name.country)
    if name is not None:
        return replace(m, name=name)
    if m.part and owner.head is not None and not owner.thing:  # «المجموعات المسلحة … أفرادها»
        return replace(m, head=owner.head, nation=owner.nation)
    return replace(m, nation=owner.nation)


def owns(o: Mention, m: Mention) -> bool:
    """May one mention be the owner of another, which leaves its owner to a pronoun?"""
    if o.name is not None or o.nation is not None:
        return True
    return m.part and not o.part and not o.thing and o.resolves not in _NO_OWNERS


def find_mentions(scan: Scan) -> list[Mention]:
    """All actor mentions of the document, joined within their sentences, in order."""
    base = [_quoted(scan, m) for m in _base_mentions(scan)]
    out: list[Mention] = []
    links = {m.i: m.j for m in scan.select("phrases", "np.link")}
    owned = {m.i for m in scan.select("grammar", "slot.of")}
    owners = {m.i: m.j for m in scan.select("phrases", "np.owner")}
    bounds = _sentence_of(scan)
    for m in base:
        while out and bounds[out[-1].i] == bounds[m.i]:
            a = out[-1]
            joined = _owning(a, m, owners) or _again(a, m, scan, links) or _join(a, m, scan, links, owned)
            if joined is None:
                break
            out.pop()
            m = joined
        out.append(m)
    out = _referred(scan, out)
    bound = {m.i: m.j for m in scan.select("phrases", "bound")}
    counted = {k for n in (*scan.of("numbers"), *scan.select("grammar", "single")) for k in (n.j, n.j + 1)}
    governs = {m.i for m in scan.of("grammar") if str(scan.rule(m).data["role"]).startswith("slot.")}
    out = [m for m in out if not _bound(scan, m, bound, governs)]
    deeds = _beside_deeds(scan)
    parties = {s.j for slot in ("by", "with", "between") for s in scan.select("grammar", f"slot.{slot}")}
    near = deeds | parties
    return [m for m in out if not (_weak(scan, m, counted, deeds) or _idea(scan, m, near))]


def _owning(a: Mention, b: Mention, owners: dict[int, int]) -> Mention | None:
    """A country and what it calls its own ("Turkey's forces")."""
    if not a.place or b.place or b.nation is not None or owners.get(a.j) != b.i:
        return None
    return replace(b, i=a.i, nation=a.nation if b.name is None else None, before=a.before)


def _again(a: Mention, b: Mention, scan: Scan, links: dict[int, int]) -> Mention | None:
    """A name and the same once more behind it, in brackets or as its owner ("the Democratic Forces (SDF)")."""
    if a.name is None or b.name is None or a.name.id != b.name.id or b.head is not None:
        return None
    words = scan.doc.words
    if b.i == a.j + 1 and words[a.j] == "(" and words[b.j : b.j + 1] == [")"]:
        return replace(a, j=b.j + 1)
    return replace(a, j=b.j) if _linked(a.j, b.i, links) else None


def _quoted(scan: Scan, m: Mention) -> Mention:
    """What is set in quotation marks, with them; a name with the clitic before them («تابعة لـ"قسد"»)."""
    words, clitics = scan.doc.words, scan.doc.language.clitics
    i, j, before = m.i, m.j, m.before
    if i > 0 and words[i - 1] in _MARKS and j < len(words) and words[j] in _MARKS:
        i, j = i - 1, j + 1
    if m.name is not None and i > 0 and words[i - 1] in clitics:
        i, before = i - 1, words[i - 1] + before
    return m if i == m.i else replace(m, i=i, j=j, before=before)


def _referred(scan: Scan, mentions: list[Mention]) -> list[Mention]:
    """The mentions with those of nouns that mean the group named last («التنظيم», "the group")."""
    article = scan.doc.language.article
    nouns = scan.select("grammar", "anaphor", refers="group")
    taken = {k for m in mentions for k in range(m.i, m.j)}
    taken |= {k for m in scan.of("source") for k in range(m.i, m.j)}
    groups = deque(m for m in mentions if m.name is not None and m.name.kind == "group")
    named: dict[int, Actor] = {}  # those before the noun by identity, the last named last
    added: list[Mention] = []
    for noun in nouns:
        while groups and groups[0].j <= noun.i:
            name = groups.popleft().name
            assert name is not None
            named.pop(id(name), None)
            named[id(name)] = name
        plain = noun.before.endswith(article) if article else True
        if not plain or taken & set(range(noun.i, noun.j)):
            continue
        word = scan.doc.words[noun.i].removeprefix(noun.before)
        called = next((name for name in reversed(named.values()) if word in _own_words(scan, name)), None)
        if called is None and scan.rule(noun).data.get("own"):
            continue
        last = called or next(reversed(named.values()), None)
        if last is not None:
            added.append(Mention(noun.i, noun.j, None, last, None, noun.before, noun.features))
    return sorted([*mentions, *added], key=lambda m: (m.i, m.j))


def _own_words(scan: Scan, actor: Actor) -> frozenset[str]:
    """The words of an actor's names."""
    language = scan.doc.language
    names = actor.data.get("names", {}).get(language.code, ())
    return _words_of(tuple(map(str, names)), language.code)


@lru_cache(maxsize=4096)
def _words_of(names: tuple[str, ...], code: str) -> frozenset[str]:
    return frozenset(word for name in names for word in LANGUAGES[code].fold(name).split())


def _bound(scan: Scan, m: Mention, bound: Mapping[int, int], governs: set[int]) -> bool:
    """Is a name only part of a description («Britain-based», "rebel-held")? "Militants based in" a place are none."""
    words = scan.doc.words
    hyphened = m.j < len(words) and words[m.j] == "-"
    behind = m.j + hyphened
    return behind in bound and (hyphened or m.head is None or m.name is not None or bound[behind] not in governs)


def _weak(scan: Scan, m: Mention, counted: set[int], deeds: set[int]) -> bool:
    """Is a description too common to count without a country, a number or a deed beside it?

    ``counted``: words behind a number or an article of one ("a"); ``deeds``: words beside a deed.
    """
    if m.head is None or not m.head.data.get("weak") or m.name is not None or m.nation is not None or m.owned:
        return False
    if (m.i in deeds and m.head.data.get("alone")) or m.features == "n.du":
        return False
    return m.i not in counted and not any(w[0].isdigit() for w in scan.doc.words[max(0, m.i - 2) : m.i])


def _beside_deeds(scan: Scan) -> set[int]:
    """The words right before and right behind the triggers of what is done to people."""
    frames = ("attack", "casualty", "abduct", "arrest", "clash", "disperse")
    return {k for t in scan.of("events") if scan.rule(t).data.get("frame") in frames for k in (t.i - 1, t.j)}


def _idea(scan: Scan, m: Mention, near: set[int]) -> bool:
    """Is a noun («الأمن») the idea, not the forces: without the article, or neither by a deed nor a party to one?"""
    if m.head is None or not m.head.data.get("beside") or m.name is not None or m.nation is not None:
        return False
    if not m.before.endswith(scan.doc.language.article):
        return True
    return m.i not in near


def _sentence_of(scan: Scan) -> list[int]:
    out = [0] * len(scan.doc.words)
    for n, s in enumerate(scan.doc.sentences):
        out[s.first : s.last] = [n] * (s.last - s.first)
    return out


def _base_mentions(scan: Scan) -> list[Mention]:
    out: list[Mention] = []
    by_span: dict[tuple[int, int], list[Match]] = {}
    possessive = {m.j for m in scan.select("grammar", "possessive")}
    for m in scan.of("actor"):
        by_span.setdefault((m.i, m.j), []).append(m)
    countries = countries_named(scan)
    year = scan.doc.article.published.year if scan.doc.article.published else None
    for (i, j), matches in by_span.items():
        actors = [scan.knowledge.actors[m.payload[1]] for m in matches]
        named = [a for a in actors if a.kind not in ("generic", "title")]
        head = next((a for a in actors if a.kind in ("generic", "title")), None)
        name = _likeliest(named, countries, year) if named else None
        if name is None and (head is None or head.data.get("deed")):
            continue
        out.append(
            Mention(
                i,
                j,
                head,
                name,
                None,
                matches[0].before,
                matches[0].features,
                owned=name is None and (bool(matches[0].behind) or i in possessive),
            )
        )
    for m in scan.of("nationality"):
        out.append(Mention(m.i, m.j, None, None, scan.knowledge.nationalities[m.payload[1]], m.before, m.features))
    gazetteer = scan.knowledge.gazetteer
    taken = {k for o in out for k in range(o.i, o.j)}
    for m in scan.of("place"):
        place = gazetteer.place(scan.knowledge.place_groups[m.payload[1]][0][0])
        if place.kind == "country" and m.i not in taken:
            taken.update(range(m.i, m.j))
            out.append(Mention(m.i, m.j, None, None, place.country, m.before, m.features, place=True))
    return sorted(out, key=lambda m: (m.i, m.j))


def _likeliest(actors: Sequence[Actor], countries: dict[str, int], year: int | None) -> Actor:
    """Of several actors of one name, the one of that time whose countries the article names most, its home first."""

    def weight(a: Actor) -> tuple[bool, int, int]:
        where = a.data.get("countries") or ([a.country] if a.country else [])
        named = sum(countries.get(c, 0) for c in where) - (5 if a.role == "ambiguous" else 0)
        return year is None or lives(a, year), named, sum(countries.get(c, 0) for c in where[:1])

    return max(actors, key=weight)


def _join(a: Mention, b: Mention, scan: Scan, links: dict[int, int], owned: set[int]) -> Mention | None:
    """One mention out of two that stand beside one another, or None where they are two actors.

    ``owned``: the first words that say whose a thing is («تابعة ل»).
    """
    linked = _linked(a.j, b.i, links)
    if a.place or (b.place and (a.head is None or a.thing)):
        return None
    if a.j != b.i and not linked:
        return None
    article = scan.doc.language.article
    if a.j == b.i and b.before and b.before != article:
        return None
    if article and a.j == b.i and b.nation is None and b.name is None and a.before.endswith(article) and not b.before:
        return None
    both = replace(a, j=b.j)
    if a.head is not None and a.head.data.get("former"):  # one who once was of the group («عنصر سابق في …»)
        return both if linked else None
    if b.head is None and b.name is None:  # soldiers + Syrian
        if a.nation is not None or (a.head is None and a.name is None) or linked:
            return None
        return replace(both, nation=b.nation)
    if a.head is None and a.name is None:  # Syrian + soldiers
        if linked or b.nation is not None:
            return None
        return replace(b, i=a.i, nation=a.nation, before=a.before)
    if a.name is None and b.name is not None:  # fighters (of) the group
        if a.thing and linked and a.j not in owned:
            return None
        if (
            article
            and a.before.endswith(article)
            and not (linked or b.before)
            and _of_state(a)
            and b.name.kind == "group"
        ):
            return None  # a verb before its subject and its object («اتهمت الشرطة بوكو حرام»)
        return replace(both, name=b.name, nation=a.nation or b.nation)
    if a.name is not None and a.name is b.name and not (linked or b.before):  # «قوات سوريا الديمقراطية "قسد"»
        return both
    if a.name is not None and b.name is None and b.head is not None and not linked:  # the group's fighters
        return None if b.head.data["resolves"] == "civilians" else replace(both, head=b.head)
    if a.name is None and b.name is None and a.head is not None and b.head is not None:
        if linked and a.head.data["resolves"] == "civilians":
            return None
        if not linked and b.head.data["resolves"] == "civilians" != a.head.data["resolves"]:
            return None  # a verb before its subject and its object («هاجم مسلحون مدنيين»)
        if not linked and b.thing and not a.thing and not a.part:
            return None  # a subject and its object («استهدف مسلحون دورية»)
        vague = ("civilians", "unidentified")
        head = b.head if a.head.data["resolves"] in vague and b.head.data["resolves"] not in vague else a.head
        return replace(both, head=head, nation=a.nation or b.nation)
    return None


def _of_state(m: Mention) -> bool:
    return m.head is not None and m.head.kind == "generic" and m.resolves in _STATE


def _linked(i: int, j: int, links: dict[int, int]) -> bool:
    """Are the words [i, j) nothing but words that link a head to its name?"""
    if not 0 < j - i <= _LINK_REACH:
        return False
    while i < j:
        end = links.get(i)
        if end is None:
            return False
        i = end
    return i == j
