"""Chunks to runs, here or in several processes, in bounded memory, whatever befalls a process."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Any

from coder.coding.batch import Code
from coder.dataset.chunk import Chunk, Counts, run_chunk
from coder.dataset.runs import run_counts
from coder.model import Article

AHEAD = 2
"""Chunks that are read ahead for each process."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How articles are coded: a function of an article and the knowledge, and what loads the knowledge.

    Both must be importable by name, for other processes call them; ``load`` takes the folders laid over the
    built-in data, and what it returns has a ``hash``.
    """

    code: Code
    load: Callable[[tuple[Path, ...]], Any]
    overlays: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk and the folder that its run is written to."""

    chunk: Chunk
    folder: Path
    deadly: frozenset[int] = frozenset()


def _work(engine: Engine, task: Task) -> Counts:
    return run_chunk(task.chunk, engine.code, engine.load(engine.overlays), task.folder, task.deadly)


def run_tasks(tasks: Iterable[Task], engine: Engine, workers: int) -> Iterator[tuple[Task, Counts]]:
    """Run tasks and hand back each with its counts, in their order; one worker means this process."""
    if workers <= 1:
        for task in tasks:
            yield task, _there(task) or _work(engine, task)
        return
    source = iter(tasks)
    waiting: deque[tuple[Task, Future[Counts]]] = deque()
    pool = _pool(workers)
    try:
        while True:
            while len(waiting) < workers * AHEAD and (new := next(source, None)) is not None:
                waiting.append((new, _submit(pool, engine, new)))
            if not waiting:
                return
            task, future = waiting.popleft()
            try:
                counts = future.result()
            except BrokenProcessPool:
                # Which task killed the process is unknown: this one runs alone, the others start again.
                pool.shutdown(cancel_futures=True)
                counts = _run_alone(engine, task)
                pool = _pool(workers)
                waiting = deque((other, _submit(pool, engine, other)) for other, _ in waiting)
            yield task, counts
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    # Forking a process that runs Arrow's threads may hang it.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Have this process end when the one that started it does: a killed build leaves nothing at work."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _there(task: Task) -> Counts | None:
    """The counts of a run that a build cut short has finished."""
    counts = run_counts(task.folder)
    return None if counts is None else Counts(**counts)


def _submit(pool: ProcessPoolExecutor, engine: Engine, task: Task) -> Future[Counts]:
    settled: Future[Counts] = Future()
    counts = _there(task)
    if counts is not None:
        settled.set_result(counts)
        return settled
    try:
        return pool.submit(_work, engine, task)
    except BrokenProcessPool as error:
        settled.set_exception(error)
        return settled


def _run_alone(engine: Engine, task: Task) -> Counts:
    """Run a task in a process of its own; if that dies, reject the articles that kill it and run the rest."""
    with _pool(1) as pool:
        try:
            return pool.submit(_work, engine, task).result()
        except BrokenProcessPool:
            pass
    deadly = frozenset(_deadly(engine, task.chunk))
    with _pool(1) as pool:
        return pool.submit(_work, engine, replace(task, deadly=deadly)).result()


def _probe(engine: Engine, article: Article) -> None:
    with suppress(Exception):
        engine.code(article, engine.load(engine.overlays))


def _deadly(engine: Engine, chunk: Chunk) -> Iterator[int]:
    """The places of the articles whose coding kills a process."""
    pool = _pool(1)
    try:
        for place, record in zip(chunk.places, chunk.records, strict=True):
            if isinstance(record, Article):
                try:
                    pool.submit(_probe, engine, record).result()
                except BrokenProcessPool:
                    yield place
                    pool = _pool(1)
    finally:
        pool.shutdown()
