# What developers do often. `make check` is what CI runs; README's two commands need no make.
BIN := .venv/bin

.PHONY: help environment check test quick long lint golden docs demo

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

environment: ## .venv with the developers' tools, from the pinned requirements
	python3 -m venv .venv
	$(BIN)/pip install -q -r requirements-dev.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .

check: ## everything that must hold, in a copy of what is committed
	bash .ci/run

test: ## the default suite
	$(BIN)/pytest -n auto

quick: ## the ledger, the domain and the house rules
	$(BIN)/pytest -q -n auto tests/ledger tests/fund/domain tests/house

long: ## what takes minutes
	$(BIN)/pytest -n auto -m long

lint: ## ruff, mypy, the import contracts and the dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

golden: ## write golden files and the generated parts of the documents anew; read the diff before committing
	$(BIN)/pytest -q -n auto -m "" --golden-update
	$(BIN)/python -m docs.generate

demo: ## live the whole Trento fund
	$(BIN)/fund demo
