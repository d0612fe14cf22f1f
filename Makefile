# Needs only python3 (3.11 or newer) with venv, make and git. Every name below is relative, and tools are called as
# "$(BIN)" -m TOOL, so that a path with spaces or Chinese characters does no harm.
#
#   make demo    make .venv, install citybraid, plan the demo town into demo/
#   make pilots  run every pilot whose data are here: 27 minutes of the processor on a slow machine, 23 by the clock
#   make cases   pack what make pilots ran into cases/library as drafts (REVIEWER="NAME": released), its site, and the pilots' cards
#   make shows   three things shown by the commands that a planner types: clinic, round trip of a control table, special plan
#   make test    install the test extra, run every test
#   make test-fast  all but slow studies, fuzzing and the browser, with five examples each: for a look while writing
#   make check   lint, types, floors, dependencies, spelling, docs; -j2 for two of them at a time
#   make web     build the pages of the workspace from web/ (needs node 20.19 or newer and npm)
#   make web-fresh  after `npm ci` in web/: test the pages, and hold the kept ones against those built anew
#   make goldens record golden values and the code behind them; says which values moved
#   make figures redraw the figures of the method pages
#   make corpus  make every file of the corpus, hold it to its verdict, write docs/reference/corpus.md
#   make validation  run the published cases, write docs/reference/validation.md
#   make fuzz    damage 4 000 files for every reader and every kind of table
#   make lock    write requirements.lock anew from what .venv holds

VENV := .venv
BIN := $(VENV)/bin/python
PIP := "$(BIN)" -m pip --quiet --disable-pip-version-check
OUT := demo
CASES := cases
REVIEWER :=
FAST := not slow and not fuzz and not browser
KEEP := PYTHONDONTWRITEBYTECODE=
# Compiled tests are kept: where they are not, each process of a parallel run compiles all of them, half of its start.

.PHONY: web web-fresh influence demo shows pilots cases test test-fast
.PHONY: check check-types check-docs check-style check-imports goldens figures corpus validation fuzz lock clean
.DEFAULT_GOAL := demo

demo: $(VENV)/installed.stamp
	@"$(BIN)" -m citybraid demo --out "$(OUT)"

shows: $(VENV)/test.stamp
	@rm -rf shows && "$(BIN)" -m tests.shows shows

pilots: $(VENV)/installed.stamp
	@failed=; for study in pilots/*/study.toml; do echo "== $$study"; \
	  "$(BIN)" -m citybraid run "$$study" || failed="$$failed $$study"; done; \
	if [ -n "$$failed" ]; then echo "not run to the end:$$failed" >&2; exit 1; fi

cases: $(VENV)/installed.stamp
	@sh .ci/cases "$(BIN)" "$(CASES)" "$(REVIEWER)"

test: $(VENV)/test.stamp
	$(KEEP) "$(BIN)" -m pytest -n auto --dist loadgroup $(ARGS)

test-fast: $(VENV)/test.stamp
	$(KEEP) CITYBRAID_EXAMPLES=5 "$(BIN)" -m pytest -n auto --dist loadgroup -m "$(FAST)" $(ARGS)

check: check-types check-docs check-style check-imports

check-types: $(VENV)/dev.stamp
	"$(BIN)" -m mypy

check-docs: $(VENV)/dev.stamp
	NO_MKDOCS_2_WARNING=1 "$(BIN)" -m mkdocs build --strict --quiet

check-style: $(VENV)/dev.stamp
	"$(BIN)" -m ruff check .
	"$(BIN)" -m ruff format --check .
	"$(BIN)" -m codespell_lib src tests docs benchmarks *.md *.toml *.yml

check-imports: $(VENV)/dev.stamp
	"$(BIN)" -c "from importlinter.cli import lint_imports_command as main; main()" --no-logo
	"$(BIN)" -m deptry src

web:
	cd web && npm ci --no-audit --no-fund && npm run build && npm test

web-fresh:
	cd web && npx tsc --noEmit && npx vitest run && npx vite build --outDir ../.web-fresh --emptyOutDir
	diff -r .web-fresh src/citybraid/web/bundle

goldens: $(VENV)/test.stamp
	"$(BIN)" -m tests.golden.record

figures: $(VENV)/test.stamp
	CITYBRAID_FIGURES=1 "$(BIN)" -m pytest -q -n auto --dist loadgroup tests

influence: $(VENV)/installed.stamp
	"$(BIN)" docs/influence.py

corpus: $(VENV)/test.stamp
	CITYBRAID_CORPUS=1 "$(BIN)" -m pytest -q -p no:xdist tests/corpus

validation: $(VENV)/test.stamp
	CITYBRAID_VALIDATION=1 "$(BIN)" -m pytest -q -p no:xdist tests/validation

fuzz: $(VENV)/test.stamp
	CITYBRAID_FUZZ_EXAMPLES=4000 "$(BIN)" -m pytest -q -n auto --dist load tests/sources/test_fuzz.py $(ARGS)

lock: $(VENV)/dev.stamp
	"$(BIN)" -m pip freeze --exclude-editable --exclude pip --exclude setuptools > requirements.lock

clean:
	rm -rf "$(VENV)" site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN):
	@found=; for candidate in "$${PYTHON:-python3}" python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$candidate"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "citybraid needs Python 3.11 or newer; python3 is $$(python3 --version 2>&1). Install one, or name it: PYTHON=/path/to/python make demo" >&2; \
	  exit 1; \
	fi; \
	"$$found" -m venv "$(VENV)" || { rm -rf "$(VENV)"; echo "venv failed: on Debian or Ubuntu run 'apt-get install python3-venv'" >&2; exit 1; }

$(VENV)/installed.stamp: pyproject.toml requirements.lock | $(BIN)
	$(PIP) install --constraint requirements.lock --editable .
	@touch "$@"

$(VENV)/test.stamp: pyproject.toml requirements.lock | $(BIN)
	$(PIP) install --constraint requirements.lock --editable ".[test]"
	@touch "$@" "$(VENV)/installed.stamp"

$(VENV)/dev.stamp: pyproject.toml requirements.lock | $(BIN)
	$(PIP) install --constraint requirements.lock --editable ".[dev]"
	@touch "$@" "$(VENV)/test.stamp" "$(VENV)/installed.stamp"
