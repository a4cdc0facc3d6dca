# Koppelkans: `make` builds the report, `make test` checks everything, `make help` lists the rest.

STUDY ?= smitsveen
PYTHON ?= $(shell command -v python3 || command -v python)

# What is given on the command line is text, so make expands no $(shell ...) in it; recipes read it from the environment,
# so that the shell does not either.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(eval override export $(name) := $$(value $(name)))))
export STUDY EXHIBIT

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := report
.PHONY: report watch figures tables status check checksums test new bench benchmarks attack kill same fuzz simulate diff verify manifest reproduce lint words notebooks lab quarto clean help have-python doctor context preregister archive studies all-studies style compare docs

setup = $(PYTHON) src/koppelkans/workflow/environment.py
koppelkans = $(setup)

report: have-python ## build the report: make STUDY=naam; with QUOTES=yes SOURCE=report.pdf it shows quotations
	@$(koppelkans) build -- "$$STUDY"

watch: have-python ## for who writes: build again each time that a chapter, a notebook or a raw file is saved
	@$(koppelkans) watch -- "$$STUDY"

figure-% table-%: override EXHIBIT = $@

figures: have-python ## only the figures and tables
	@$(koppelkans) figures -- "$$STUDY"

figure-%: have-python ## one figure of the study, by its number: make figure-7
	@$(koppelkans) figures --exhibit "$$EXHIBIT" -- "$$STUDY"

table-%: have-python ## one table of the study, by its number: make table-1
	@$(koppelkans) figures --exhibit "$$EXHIBIT" -- "$$STUDY"

studies: have-python ## several studies at once: make studies STUDIES="a b c"; SCHEDULER=tcp://... on a cluster
	@$(koppelkans) studies -- "$$STUDIES"

all-studies: have-python ## every study there is, at once
	@$(koppelkans) studies

compare: have-python ## several studies side by side: make compare STUDIES="a b c"; without, all that have tables
	@$(koppelkans) compare -- "$$STUDIES"

new: have-python ## start a neighbourhood of your own: make new STUDY=naam; NEW="--title ..." passes options on
	@$(koppelkans) new $(NEW) -- "$$STUDY"

doctor: have-python ## what there is of a study, what is missing or odd, what comes next; ADD=yes names new files
	@$(koppelkans) doctor $(if $(ADD),--add) -- "$$STUDY"

context: have-python ## figures of the neighbourhood from Statistics Netherlands (CBS), by its code in study.yml
	@$(koppelkans) context -- "$$STUDY"

preregister: have-python ## seal what you expect before there are data, with checksum and time
	@$(koppelkans) preregister -- "$$STUDY"

docs: have-python ## the documentation as a site, in build/docs/nl and build/docs/en
	@$(setup) --for-tests -- docs.site

tables: have-python ## only check the raw tables and write the tidy ones
	@$(koppelkans) tables -- "$$STUDY"

status: have-python ## what is fresh, stale or tampered, and why; exit 1 if not all is fresh
	@$(koppelkans) status -- "$$STUDY"

check: have-python ## check the raw tables of STUDY
	@$(koppelkans) check -- "$$STUDY"

checksums: have-python ## accept the raw files as they are: write SHA256SUMS anew
	@$(koppelkans) checksums -- "$$STUDY"

test: style ## everything CI checks; QUICK=yes only what is quick, without a build
ifeq ($(QUICK),yes)
	@$(setup) --for-tests -- pytest -p no:nbval -n 3 --dist loadfile -m "not slow" tests
else
	@$(setup) --for-tests build smitsveen
	@$(setup) --for-tests tables voorbeeldwijk
	@$(setup) --for-tests -- pytest -p koppelkans.workflow -n 3 --dist loadfile --no-loadscope-reorder --nbval tests notebooks
	@echo "Notebooks run by hand give what make gives:" && $(setup) --for-tests status smitsveen
endif

bench: have-python ## time and memory of reading a large coded project
	@$(setup) -- bench.read_project

benchmarks: have-python ## time a build beside other ways to run the notebooks, and write docs/benchmarks.md (half an hour)
	@$(setup) -- bench.build

attack: have-python ## try to work out every number that 200 made-up studies hide (ten minutes)
	@$(setup) -- bench.attack

kill: have-python ## kill 50 builds at random moments and compare what comes after (half an hour)
	@$(setup) -- bench.kill

same: have-python ## build twice in surroundings that differ in all they can, and compare every byte
	@$(setup) -- bench.same_bytes

simulate: have-python ## measure how often intervals and tests hold, and write docs/statistics.md (ten minutes)
	@$(setup) -- bench.simulate

fuzz: have-python ## read broken files for SECONDS (600), and write how many failed into docs/reliability.md
	@$(setup) --for-tests -- bench.fuzz --seconds "$${SECONDS:-600}" --first "$${FIRST:-1}"

manifest: have-python ## build, and write docs/figures.yml and codecheck.yml from it
	@$(koppelkans) manifest -- "$$STUDY"

archive: have-python ## an archive of sources, data and report for a repository (RO-Crate)
	@$(koppelkans) archive -- "$$STUDY"

reproduce: have-python ## for reviewers: build in a clean copy and compare with docs/figures.yml
	@$(koppelkans) reproduce -- "$$STUDY"

diff: have-python ## what the build changes in verdicts, numbers and figures against docs/figures.yml
	@$(koppelkans) diff -- "$$STUDY"

verify: have-python ## hold every anchor against your own copy: make verify SOURCE=report.pdf
	@$(koppelkans) verify -- "$$STUDY"

lint: style ## only the style of code and text
	@$(setup) --for-tests -- pytest -q -p no:nbval tests/test_rooms.py tests/test_types.py

style: have-python ## ruff and the rules of the text, without types and rooms
	@$(setup) --for-tests -- ruff check .
	@$(setup) --for-tests -- ruff format --check .
	@$(setup) --for-tests lint

words: have-python ## for developers: bring the catalogs of words up to date with the code
	@$(koppelkans) words

notebooks: have-python ## run the notebooks with their defaults and store their outputs in them
	@$(koppelkans) tables smitsveen
	@$(koppelkans) tables voorbeeldwijk
	@$(koppelkans) store

lab: have-python ## JupyterLab on the notebooks of STUDY; LAB=... passes options on
	@$(koppelkans) tables -- "$$STUDY"
	@folder=$$($(koppelkans) lab -- "$$STUDY") && $(setup) -- jupyterlab "$$folder" $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB)

quarto: have-python ## install Quarto, which renders the report in full
	@$(koppelkans) quarto

clean: ## remove what was built (raw data and .venv stay)
	@rm -rf build data/processed/*/ .pytask pytask.lock
	@find notebooks src tests -name '__pycache__' -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { name = $$1; gsub("%", "N", name); printf "  make %-12s %s\n", name, $$2 }' $(MAKEFILE_LIST)

have-python:
	@test -n "$(PYTHON)" || { echo "koppelkans: no Python found; install Python 3.11, 3.12 or 3.13 and type make again" >&2; exit 1; }
