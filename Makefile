# One virtual environment, in two steps: what the demo needs, and what development adds. Each is built
# again only when what it is built from changes.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
JOBS ?= auto
SECONDS ?= inf
# Many tests start processes of their own: each would compile pandas again where nothing compiled is kept.
export PYTHONDONTWRITEBYTECODE :=
GENERATED := CONTRIBUTING.md docs/*.md docs/*/*.md

.DEFAULT_GOAL := help
.PHONY: help demo quick test check generated lint types imports samples docs screenshots stress fuzz supply
.PHONY: oldest pythons clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

$(VENV)/.runs: pyproject.toml constraints.txt
	@echo "Installing kneeload and the packages it needs into $(VENV)/ (once, about 220 MB) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --no-compile -e .
	@touch $@

$(VENV)/.installed: $(VENV)/.runs
	@echo "Adding the tools for tests, types and documentation to $(VENV)/ (once, about 1.2 GB) ..."
	@$(PIP) -e '.[dev]'
	@touch $@

demo: $(VENV)/.runs ## import the samples into a throw-away log and write the weekly report
	@$(BIN)/kneeload demo

quick: $(VENV)/.installed ## the tests that are quick: none marked slow, no browser
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow and not browser"

test: $(VENV)/.installed ## run the whole test suite
	$(BIN)/python -m pytest -n $(JOBS)

check: lint types imports test ## everything that must pass before a commit

lint: $(VENV)/.installed ## ruff: style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/cog --check -I docs $(GENERATED)

types: $(VENV)/.installed ## mypy strict over package and tests
	$(BIN)/mypy

imports: $(VENV)/.installed ## data flows one way
	$(BIN)/lint-imports

generated: $(VENV)/.installed ## write what the pages tell of the code, from the code
	$(BIN)/cog -r -I docs $(GENERATED)

docs: $(VENV)/.installed ## build the documentation into site/, notebooks run
	$(BIN)/sphinx-build -W -n -q -E -c docs -d build/doctrees . site
	@echo "site/index.html"

screenshots: $(VENV)/.installed ## draw the pictures of README and documentation (needs Chromium)
	$(BIN)/python docs/screenshots.py

samples: $(VENV)/.installed ## write sample_activities/ again (deterministic)
	$(BIN)/python -m kneeload.simulate samples sample_activities

stress: $(VENV)/.installed ## kill, crowd, fill and mutate for most of an hour: what is lost?
	$(BIN)/python -m benchmarks.stress

fuzz: $(VENV)/.installed ## mutated files until interrupted, or for SECONDS; findings are kept
	$(BIN)/python -m benchmarks.fuzz --seconds $(SECONDS)

supply: ## known advisories of what kneeload brings along (asks PyPI); its bill of materials in dist/
	$(PYTHON) -m venv --clear build/product
	build/product/bin/python -m pip install --quiet .
	$(PYTHON) -m venv --clear build/supply
	build/supply/bin/python -m pip install --quiet pip-audit cyclonedx-bom
	mkdir -p dist
	build/supply/bin/cyclonedx-py environment -o dist/sbom.json build/product
	build/supply/bin/pip-audit --skip-editable --path "$$(echo build/product/lib/python*/site-packages)"

oldest: ## the whole suite on the lowest versions that pyproject.toml allows, newest of what they need
	$(PYTHON) -m venv --clear build/oldest
	build/oldest/bin/python -m pip install --quiet uv
	build/oldest/bin/uv pip install --quiet --python build/oldest/bin/python \
		--resolution lowest-direct -e '.[dev]'
	build/oldest/bin/python -m pytest -n $(JOBS)

pythons: $(VENV)/.installed ## wheel and sdist, alone in an empty environment of every Python here
	.ci/pythons

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist site jupyter_execute
