"""Chunks to runs, here or in several processes, in bounded memory, whatever befalls a process."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from coder.coding.batch import Code
from coder.dataset.bounds import Bounds, bounded
from coder.dataset.chunk import Chunk, Counts, run_chunk
from coder.dataset.pages import open_page, opened
from coder.dataset.runs import run_counts
from coder.errors import UserError
from coder.model import Article, Reject
from coder.reading.warc import Page

AHEAD = 2
"""Chunks that are read ahead for each process."""


class WorkerError(UserError):
    """The processes that code cannot do so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How articles are coded: a function of an article and the knowledge, and what loads the knowledge.

    Both must be importable by name, for other processes call them; ``load`` takes the folders laid over the
    built-in data, and what it returns has a ``hash``.
    """

    code: Code
    load: Callable[[tuple[Path, ...]], Any]
    overlays: tuple[Path, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk and the folder that its run is written to."""

    chunk: Chunk
    folder: Path
    deadly: frozenset[int] = frozenset()


def _work(engine: Engine, task: Task, may_die: bool) -> Counts:
    code = bounded(engine.code, engine.bounds, may_die)
    chunk = opened(task.chunk, engine.overlays, engine.bounds, may_die, task.deadly)
    return run_chunk(chunk, code, engine.load(engine.overlays), task.folder, task.deadly)


def run_tasks(tasks: Iterable[Task], engine: Engine, workers: int, here: bool = False) -> Iterator[tuple[Task, Counts]]:
    """Run tasks and hand back each with its counts, in their order.

    ``here`` runs them in this process, which starts at once but dies with an article that kills it.
    """
    if here:
        for task in tasks:
            yield task, _there(task) or _work(engine, task, may_die=False)
        return
    source = iter(tasks)
    waiting: deque[tuple[Task, Future[Counts]]] = deque()
    pool = _Pool(engine, workers)
    try:
        while True:
            while len(waiting) < workers * AHEAD and (new := next(source, None)) is not None:
                waiting.append((new, pool.submit(new)))
            if not waiting:
                pool.close()
                return
            task, future = waiting.popleft()
            try:
                counts = future.result()
            except BrokenProcessPool:
                # Which task killed the process is unknown: this one runs alone, the others start again.
                pool.end()
                counts = _run_alone(engine, task)
                pool = _Pool(engine, workers)
                waiting = deque((other, pool.submit(other)) for other, _ in waiting)
            yield task, counts
    finally:
        pool.end()


class _Pool:
    """Processes that run tasks; they end at once when the pool or the process that made it does."""

    def __init__(self, engine: Engine, workers: int) -> None:
        self._engine = engine
        # Forking a process that runs Arrow's threads may hang it.
        context = multiprocessing.get_context("spawn")
        listening, self._lifeline = context.Pipe(duplex=False)
        self._listening = listening
        self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with, initargs=(listening,))

    def submit(self, task: Task) -> Future[Counts]:
        """Have a task run; a run that a build cut short has finished is not run again."""
        settled: Future[Counts] = Future()
        counts = _there(task)
        if counts is not None:
            settled.set_result(counts)
            return settled
        try:
            with _uninterrupted():
                return self._pool.submit(_work, self._engine, task, True)
        except BrokenProcessPool as error:
            settled.set_exception(error)
            return settled

    def check(self) -> None:
        """Have a process start and load the knowledge. Raises WorkerError where that kills it."""
        try:
            with _uninterrupted():
                ready = self._pool.submit(_ready, self._engine)
            ready.result()
        except BrokenProcessPool as error:
            text = "the processes that code end before they code anything (no memory?); try --workers 1"
            raise WorkerError(text) from error

    def probe(self, record: Article | Page) -> None:
        """Code one record and forget what it gives. Raises BrokenProcessPool where that kills the process."""
        with _uninterrupted():
            done = self._pool.submit(_probe, self._engine, record)
        done.result()

    def close(self) -> None:
        """End the processes, which have nothing left to do."""
        self._pool.shutdown()
        self.end()

    def end(self) -> None:
        """End the processes, whatever they are at."""
        self._lifeline.close()
        self._pool.shutdown(cancel_futures=True)
        self._listening.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started meanwhile: this one hears it and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(lifeline: Connection) -> None:
    """Have this process end when the pool's end of the line is closed, be it by the death of its process."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _there(task: Task) -> Counts | None:
    """The counts of a run that a build cut short has finished."""
    counts = run_counts(task.folder)
    return None if counts is None else Counts(**counts)


def _run_alone(engine: Engine, task: Task) -> Counts:
    """Run a task in a process of its own; if that dies, reject the articles that kill it and run the rest."""
    try:
        return _alone(engine, task)
    except BrokenProcessPool:
        return _alone(engine, replace(task, deadly=frozenset(_deadly(engine, task.chunk))))


def _alone(engine: Engine, task: Task) -> Counts:
    pool = _Pool(engine, 1)
    try:
        pool.check()
        return pool.submit(task).result()
    finally:
        pool.end()


def _ready(engine: Engine) -> None:
    engine.load(engine.overlays)


def _probe(engine: Engine, record: Article | Page) -> None:
    found = open_page(record, engine.overlays, engine.bounds, True) if isinstance(record, Page) else record
    if isinstance(found, Article):
        with suppress(Exception):
            bounded(engine.code, engine.bounds, hard=True)(found, engine.load(engine.overlays))


def _deadly(engine: Engine, chunk: Chunk) -> Iterator[int]:
    """The places of the articles whose coding kills a process."""
    pool = _Pool(engine, 1)
    try:
        for place, record in zip(chunk.places, chunk.records, strict=True):
            if not isinstance(record, Reject):
                try:
                    pool.probe(record)
                except BrokenProcessPool:
                    yield place
                    pool.end()
                    pool = _Pool(engine, 1)
                    pool.check()
    finally:
        pool.end()
