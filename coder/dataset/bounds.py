"""How much one article may take of the coder: seconds and claims; beyond it the article is a reject."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, TypeVar

from coder.coding.batch import Code
from coder.errors import UserError
from coder.model import Article, Claim
from coder.reading.limits import Limits

DEADLINE_S = 60.0
ARTICLE_CLAIMS = 10_000

HARD = 2
"""How many deadlines of processor time a process may use for one article before the system ends it."""

LARGEST = 1 << 62
"""No limit is as large: so much can be counted in every place."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of coding; every one is an option of ``coder build``.

    Attributes:
        deadline_s: most seconds that one article may take to be read from its page, and again to be coded.
        article_claims: most claims of one article.
    """

    deadline_s: float = DEADLINE_S
    article_claims: int = ARTICLE_CLAIMS


class BoundError(Exception):
    """An article goes beyond a bound; the message names it."""


class _Overrun(BaseException):
    """Raised by the alarm; no ``except Exception`` on the way swallows it."""


class _Alarm:
    """The handler of the alarm; it raises only while the work that it bounds is being done."""

    def __init__(self) -> None:
        self.running = True

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.running:
            raise _Overrun


def timed(seconds: float, work: Callable[[], T], hard: bool) -> T:
    """Do ``work``, for ``seconds`` at most. Raises BoundError where it takes longer.

    ``hard`` has the system end the process where even the alarm is not heeded, by code that is not Python's;
    only a process that may die is run so. In a thread other than the main one nothing is bounded.
    """
    if current_thread() is not main_thread():
        return work()
    alarm = _Alarm()
    before = signal.signal(signal.SIGALRM, alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    if hard:
        signal.setitimer(signal.ITIMER_PROF, seconds * HARD)
    try:
        try:
            return work()
        finally:
            alarm.running = False
    except _Overrun:
        text = f"it took more than {seconds:g} seconds: leave it out, or raise the limit deadline_s"
        raise BoundError(text) from None
    finally:
        alarm.running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        if hard:
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before)


def bounded(code: Code, bounds: Bounds, hard: bool) -> Code:
    """``code`` within ``bounds``: it raises BoundError for an article that goes beyond them."""

    def run(article: Article, knowledge: Any) -> Sequence[Claim]:
        claims = timed(bounds.deadline_s, lambda: code(article, knowledge), hard)
        if len(claims) > bounds.article_claims:
            raise BoundError(
                f"it has {len(claims)} claims, the limit is {bounds.article_claims}: split it, or raise the "
                "limit article_claims"
            )
        return claims

    return run


class LimitError(UserError):
    """A limit that is none, or a value that it cannot have; the message names the legal ones."""


def parse_limits(given: Sequence[str]) -> tuple[Limits, Bounds]:
    """Limits as the command line gives them, ``name=value`` each. Raises LimitError."""
    limits, bounds = Limits(), Bounds()
    legal = {**asdict(limits), **asdict(bounds)}
    found: dict[str, Any] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in legal:
            raise LimitError(f"--limit {text}: no limit {name!r}; expected one of: {', '.join(legal)}")
        kind = type(legal[name])
        try:
            found[name] = kind(value)
        except ValueError as error:
            raise LimitError(f"--limit {text}: expected {name}=NUMBER, as {name}={legal[name]}") from error
        if not 0 < found[name] < LARGEST:
            raise LimitError(f"--limit {text}: expected a number above 0 and below {LARGEST}")
    ours = asdict(bounds).keys()
    return (
        replace(limits, **{name: value for name, value in found.items() if name not in ours}),
        replace(bounds, **{name: value for name, value in found.items() if name in ours}),
    )
