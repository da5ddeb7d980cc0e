# make run     try the server: loopback, embedded dataplane, user admin, password admin
# make test    every check and every test; installs what it needs where it may
# make check   the fast part of it, under a minute
# make bench   the figures of docs/performance.md (takes many minutes)
# make gateway-demo  watch a gateway being configured under traffic (root)
# make bindings  compile the YANG modules anew

PYTHON ?= python3
VENV ?= .venv
STATE ?= .state
BIN = $(VENV)/bin
CLIENTS = $(VENV)/clients/ansible/.done $(VENV)/clients/scrapli/.done

.PHONY: run test check bench bindings gateway-demo clean

run: $(VENV)/.run
	@$(BIN)/ipsec-qos-netconf serve --try $(STATE)

test: $(VENV)/.dev $(CLIENTS)
	@tests/prepare
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --durations=10

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not slow" tests/test_architecture.py tests/yang tests/server

BENCHES := engine candidates yanglint ssh guarded long_reply sessions push crowd endurance bridge store scalars \
  linux drift state packet_cost limits audit etags pages

bench: $(VENV)/.dev
	@for part in $(BENCHES); do \
	  echo "== $$part"; $(BIN)/python -m tests.bench.$$part || exit 1; done

gateway-demo: $(VENV)/.dev
	@tests/prepare
	@$(BIN)/python -m tests.demo

bindings: $(VENV)/.dev
	$(BIN)/python -m yang.pyang_plugin yang/modules/gateway.toml
	$(BIN)/python -m yang.pyang_plugin yang/modules/gateway-linux.toml

clean:
	rm -rf $(VENV) $(STATE)

# A server needs no more than this; pyang and the test tools come with .dev only.
$(VENV)/.run: pyproject.toml
	@tests/make_venv $(PYTHON) $(VENV)
	@echo "installing the server into $(VENV)"
	@$(BIN)/pip install --quiet --editable '.[speed]'
	@touch $@

$(VENV)/.dev: pyproject.toml
	@tests/make_venv $(PYTHON) $(VENV)
	@echo "installing the server and what its tests need into $(VENV)"
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.run

# Clients of the matrix whose packages do not go with those of the others.
$(VENV)/clients/%/.done: tests/interop/%.txt
	@tests/make_venv $(PYTHON) $(VENV)/clients/$*
	@echo "installing the client $* into $(VENV)/clients/$*"
	@$(VENV)/clients/$*/bin/pip install --quiet --no-compile -r $<
	@touch $@
