# `make run` and `make test` do all their own set-up; they need Python 3.11 to 3.13 and make.

PHOTOS ?= assets/samples
EXCEL ?= rooms.xlsx
NAME ?= my-rooms
FLAVOUR ?= light
PYTHON := .venv/bin/python
ROOMNET := $(PYTHON) -m roomnet_core

.PHONY: help run test translations test-min lint docs bench bench-review torture hostile soak fuzz audit train train-large train-compact
.PHONY: train-classic train-author report bundle installer setup clean

help:
	@echo "make run                      open RoomNet (without a display: classify PHOTOS=FOLDER into EXCEL=$(EXCEL))"
	@echo "make test                     run the tests on all cores (ARGS='-k name' goes to pytest)"
	@echo "make torture                  kill hundreds of sorts at random moments and look for loss (under ten minutes)"
	@echo "make hostile                  measure hundreds of hostile files one by one, and the whole corpus everywhere"
	@echo "make fuzz                     twenty minutes of inputs by chance for everything that we parse ourselves"
	@echo "make soak                     200,000 photos through one process; memory must stay flat"
	@echo "make test-min                 the tests with the oldest versions that pyproject.toml allows"
	@echo "make translations             bring the translations up to date (assets/translations; docs/adr/0019)"
	@echo "make audit                    known vulnerabilities of the pinned packages (needs a network)"
	@echo "make lint                     ruff, mypy and the import laws"
	@echo "make docs                     build the documentation into build/site, and what it takes from the program"
	@echo "make bench                    speed and memory beside the reference pipeline"
	@echo "make bench-review             how quick the window is with 20,000 photos"
	@echo "make train DATA=FOLDER NAME=MODEL   train a model on a folder with one subfolder of photos a room"
	@echo "make train-large | train-compact | train-classic | train-author   make that model from ../shared/data in runs/models (QUICK=1: a trial)"
	@echo "make bundle | installer       freeze RoomNet into dist/, FLAVOUR=light or full (docs/packaging.md)"
	@echo "make report                   measure the shipped models again and rewrite the tables of docs/models.md"

setup:
	@packaging/setup_env.sh test,dev

run: setup
	@packaging/run.sh "$(PHOTOS)" "$(EXCEL)"

test: setup
	$(PYTHON) -m pytest --numprocesses auto --dist worksteal $(ARGS)

torture: setup
	$(PYTHON) -m tests.torture $(ARGS)

hostile: setup
	$(PYTHON) -m tests.hostile $(ARGS)
	ROOMNET_HOSTILE=all $(PYTHON) -m pytest tests/hostile/test_corpus.py

test-min:
	@packaging/test_oldest.sh $(ARGS)

translations: setup
	$(PYTHON) -m tools.translations

audit:
	@packaging/audit.sh

fuzz: setup
	$(PYTHON) -m tests.fuzz $(ARGS)

soak: setup
	$(PYTHON) -m tests.hostile.soak $(ARGS)

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

docs: setup
	$(PYTHON) -m tools.reference
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --quiet
	@echo "Open build/site/index.html"

bench-review: setup
	$(PYTHON) -m benchmarks.review $(ARGS)

bench: setup
	@packaging/setup_env.sh bench
	$(PYTHON) -m benchmarks.run $(ARGS)

train: setup
	@packaging/setup_env.sh train
	$(ROOMNET) train "$(DATA)" --out "$(NAME)" $(ARGS)

# With QUICK=1 all of it on a few photos for a few steps, in runs/quick: to see that every command works.
ifdef QUICK
RUNS := runs/quick
SHARED := $(RUNS)/manifest.csv
LABELS := $(RUNS)/labels.csv
QUICKLY := --quick
QUICK_RECIPE := --epochs 1
else
RUNS := runs
SHARED := ../shared/data/manifest.csv
LABELS := training/labels/pool.csv
endif
MODELS := $(RUNS)/models
FROM_MANIFEST = $(ROOMNET) train $(SHARED) --labels $(LABELS) \
	--corrections training/labels/corrections.csv --sources training/sources.csv \
	--classes Backyard,Bathroom,Bedroom,Frontyard,Kitchen,LivingRoom
MAKE_MODEL = @packaging/setup_env.sh train && $(PYTHON) -m training.make $(1) --data $(SHARED) --labels $(LABELS) \
	--work $(RUNS) --models $(MODELS) --out $(@D) $(QUICKLY)

# From the manifest to a model folder in runs/models, first the models that it starts from or learns from, where they are
# not there. What is there is not made again: delete its folder for that.
train-large: setup $(MODELS)/roomnet-large/card.json
train-compact: setup $(MODELS)/roomnet-compact/card.json
train-classic: setup $(MODELS)/roomnet-classic/card.json
train-author: setup $(MODELS)/roomnet-author/card.json

$(MODELS)/teacher/card.json: | $(SHARED)
	$(call MAKE_MODEL,teacher)

$(MODELS)/lite0/card.json: | $(SHARED)
	@packaging/setup_env.sh train
	$(FROM_MANIFEST) --work $(RUNS)/lite0 --recipe large --licence "MIT; pretrained weights Apache-2.0" --out $(@D) $(QUICK_RECIPE)

$(MODELS)/large-first/card.json: | $(MODELS)/teacher/card.json $(MODELS)/lite0/card.json
	$(call MAKE_MODEL,large-first)

$(MODELS)/roomnet-large/card.json: | $(MODELS)/large-first/card.json
	$(call MAKE_MODEL,large)

$(MODELS)/compact-first/card.json: | $(MODELS)/teacher/card.json $(MODELS)/lite0/card.json
	$(call MAKE_MODEL,compact-first)

$(MODELS)/compact-second/card.json: | $(MODELS)/compact-first/card.json
	$(call MAKE_MODEL,compact-second)

$(MODELS)/roomnet-compact/card.json: | $(MODELS)/compact-second/card.json $(MODELS)/roomnet-large/card.json
	$(call MAKE_MODEL,compact)

$(MODELS)/classic-first/card.json: | $(MODELS)/roomnet-large/card.json
	$(call MAKE_MODEL,classic-first)

$(MODELS)/roomnet-classic/card.json: | $(MODELS)/classic-first/card.json
	$(call MAKE_MODEL,classic)

# The original architecture as its author trained it.
$(MODELS)/roomnet-author/card.json: | $(SHARED)
	@packaging/setup_env.sh train
	$(PYTHON) -m training.author --data $(SHARED) --labels $(LABELS) --work $(RUNS) --out $(@D) $(QUICKLY) $(ARGS)

runs/quick/manifest.csv:
	@packaging/setup_env.sh train
	$(PYTHON) -m training.small runs/quick

report: setup
	@packaging/setup_env.sh train
	$(PYTHON) -m training.report --data $(SHARED) roomnet-large roomnet-compact roomnet-classic
	$(PYTHON) -m training.confidence_choices --data $(SHARED) roomnet-large roomnet-compact
	$(PYTHON) -m training.leave_one_out --data $(SHARED)

# Another environment with the extra bundle in it: make bundle BUNDLE_PYTHON=/path/to/python
ifdef BUNDLE_PYTHON
bundle installer:
else
BUNDLE_PYTHON := .venv-bundle/bin/python
bundle installer: setup
	@packaging/setup_bundle_env.sh
endif
	$(BUNDLE_PYTHON) packaging/build.py $@ $(FLAVOUR)

clean:
	rm -rf .venv .venv-bundle build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
