# `make run` and `make test` do all their own set-up; they need Python 3.11 to 3.13 and make.

PHOTOS ?= assets/samples
EXCEL ?= rooms.xlsx
NAME ?= my-rooms
OUT ?= runs/models/roomnet-large
PYTHON := .venv/bin/python
ROOMNET := $(PYTHON) -m roomnet_core

.PHONY: help run test lint bench torture train setup clean

help:
	@echo "make run                      open RoomNet (without a display: classify PHOTOS=FOLDER into EXCEL=$(EXCEL))"
	@echo "make test                     run the tests (ARGS='-k name' goes to pytest)"
	@echo "make torture                  kill hundreds of sorts at random moments and look for loss (under ten minutes)"
	@echo "make lint                     ruff, mypy and the import laws"
	@echo "make bench                    speed and memory beside the reference pipeline"
	@echo "make train DATA=FOLDER NAME=MODEL   train a model on a folder with one subfolder of photos a room"
	@echo "make train                    train the shipped model again, from ../shared/data, into OUT=$(OUT)"

setup:
	@packaging/setup_env.sh test,dev

run: setup
	@packaging/run.sh "$(PHOTOS)" "$(EXCEL)"

test: setup
	$(PYTHON) -m pytest $(ARGS)

torture: setup
	$(PYTHON) -m tests.torture $(ARGS)

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench: setup
	@packaging/setup_env.sh bench
	$(PYTHON) -m benchmarks.run $(ARGS)

train: setup
	@packaging/setup_env.sh train
ifdef DATA
	$(ROOMNET) train "$(DATA)" --out "$(NAME)" $(ARGS)
else
	$(ROOMNET) train ../shared/data/manifest.csv --labels training/labels/pool.csv \
		--sources training/sources.csv --licence "MIT; pretrained weights Apache-2.0" \
		--classes Backyard,Bathroom,Bedroom,Frontyard,Kitchen,LivingRoom --out "$(OUT)" $(ARGS)
endif

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
