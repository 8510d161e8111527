# Two commands set everything up by themselves: `make build-dataset` and `make test`.
#   make build-dataset [INPUT="articles/ more.jsonl"] [OUT=out] [WORKERS=2] [PYTHON=python3.12]
SHELL   := /bin/sh
PYTHON  ?= python3
VENV    ?= .venv
INPUT   ?= data/sample/articles
OUT     ?= out
WORKERS ?= 0
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup build-dataset test lint bench clean

help:
	@echo "make build-dataset [INPUT=...] [OUT=out]  code articles into a dataset (no INPUT: the sample articles)"
	@echo "make test                                 run the tests"
	@echo "make lint                                 ruff and mypy"
	@echo "make bench                                measure speed and memory (build/bench.json)"
	@echo "make clean                                remove .venv, caches and built packages"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "error: $(PYTHON) was not found. Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3.11" >&2; \
	  exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.11" >&2; \
	  exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "error: $(PYTHON) lacks the venv module. Debian, Ubuntu: apt-get install python3-venv; elsewhere: a full Python" >&2; \
	  exit 2; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing into $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]' || { \
	  echo "error: the packages could not be installed. Without a network, point pip to a mirror or to a folder of" >&2; \
	  echo "  wheels (PIP_INDEX_URL, PIP_FIND_LINKS, PIP_NO_INDEX), then run make again; pip's message stands above." >&2; \
	  exit 2; }
	@touch $@

build-dataset: $(STAMP)
	@$(BIN)/coder build $(INPUT) -o $(OUT) --workers $(WORKERS)

test: $(STAMP)
	@$(BIN)/python -m pytest -m "not slow" $(ARGS)

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict coder/

bench: $(STAMP)
	@$(BIN)/python -m benchmarks.bench $(ARGS)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
