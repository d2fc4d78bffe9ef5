# Everything runs in .venv, which is made on first use with the versions of constraints.txt.
#
#   make demo           run the whole way through on the sample corpus, in minutes
#   make test           run the test suite
#   make test-compiled  compile the engine and compare it with the plain one, in minutes
#   make coverage       run it with coverage: a table of what is not covered, pages in htmlcov/
#   make lint           check style with ruff
#   make types          check types with pyright
#   make check          lint, types and test
#   make wheel          build dist/*.whl; COMPILED=1 compiles its engine (needs a C compiler)
#   make proof          rewrite many programs and compare what they do in V8 (long)
#                  SEMANTICS=DIR  also run the test suites of real projects
#                  NPM=DIR        also TypeScript and JSX; DIR has esbuild in node_modules
#   make corpus         build the corpus of the shipped models from the list in data/corpus
#                  MIRRORS=DIR    folder with clones; missing ones are fetched
#   make card           measure the shipped model and write its card, on the sets named by CLONES,
#                  OTHERS, TYPES, TYPES_TYPESCRIPT, TRAIN_TYPES, DEEPTYPER, NAMES, TRAIN_NAMES;
#                  AGAINST measures other encoders beside it
#   make clean          remove what was built; your runs are kept

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.ready-run
DEV := $(VENV)/.ready-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
  --constraint constraints.txt

.PHONY: demo corpus card test test-compiled coverage proof lint types check wheel clean
.DEFAULT_GOAL := check

demo: $(RUN)
	$(BIN)/contracode demo

# Left out: tests, documentation, build output, and translations of the same few functions.
LEAVE_OUT := test/ tests/ spec/ specs/ __tests__/ e2e/ benchmark/ benchmarks/ perf/ doc/ docs/ \
  website/ build/ builds/ distrib/ external/ locale/ locales/ *.test.* *.spec.* *_test.*
MIRRORS ?= clones
WORKERS ?= 2
CORPUS := --list data/corpus/repositories.tsv --mirrors $(MIRRORS) \
  --fetch-from https://github.com --leave-out "$(LEAVE_OUT)"

corpus: $(RUN)
	$(BIN)/contracode corpus build $(CORPUS) $(if $(EXCLUDE),--exclude-hashes $(EXCLUDE)) \
	  --near-duplicates 0.8 --workers $(WORKERS) -o corpus/functions
	$(BIN)/contracode corpus types $(CORPUS) --spelling both \
	  $(if $(TYPESCRIPT),--checker --typescript $(TYPESCRIPT)) -o corpus/types

MODEL ?= data/models/editor

card: $(RUN)
	$(BIN)/python -m benchmarks.card $(MODEL) \
	  $(if $(CLONES),--clones $(CLONES)) \
	  $(if $(AGAINST),--against $(AGAINST)) \
	  $(if $(OTHERS),--others $(OTHERS)) \
	  $(if $(TYPES),--types $(TYPES)) \
	  $(if $(TYPES_TYPESCRIPT),--types-typescript $(TYPES_TYPESCRIPT)) \
	  $(if $(TRAIN_TYPES),--train-types $(TRAIN_TYPES)) \
	  $(if $(DEEPTYPER),--deeptyper $(DEEPTYPER)) \
	  $(if $(NAMES),--names $(NAMES)) \
	  $(if $(TRAIN_NAMES),--train-names $(TRAIN_NAMES))

test: $(DEV)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-compiled: $(DEV)
	$(BIN)/python -m pytest -m compiled

coverage: $(DEV)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
	  --cov --cov-report=term:skip-covered --cov-report=html

proof: $(DEV)
	$(BIN)/python -m tests.augment.proof $(if $(SEMANTICS),--semantics $(SEMANTICS))
	$(if $(NPM),$(BIN)/python -m tests.augment.typed --npm $(NPM))

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/pyright

check: lint types test

wheel: $(DEV)
	$(if $(COMPILED),HATCH_BUILD_HOOK_ENABLE_MYPYC=true) $(BIN)/python -m build

clean:
	rm -rf $(VENV) dist build htmlcov .coverage .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "contracode needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; \
	  exit 2; \
	}
	@echo "Making a virtual environment in $(VENV) ..."
	$(PYTHON) -m venv $(VENV)

$(RUN): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing contracode with what training needs (a few minutes the first time) ..."
	$(INSTALL) --editable '.[train]'
	@touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing contracode with what its tests need (a few minutes the first time) ..."
	$(INSTALL) --editable '.[train,dev]'
	@touch $@ $(RUN)
