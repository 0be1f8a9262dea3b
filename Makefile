# The words: demo, test, test-slow, check, fix, screenshots, bench-quality, bench-certify,
# bench-latency. Each makes the environment it needs.
PYTHON ?= python3
VENV ?= .venv
RIVALS ?= .venv-rivals
BIN = $(VENV)/bin
READY = $(VENV)/.ready

LOCKS = $(wildcard benchmarks/quality/rivals/*.lock)

.PHONY: demo test test-slow check fix screenshots bench-quality bench-certify bench-latency clean

$(READY): pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $(READY)

demo: $(READY)
	$(BIN)/shortlist demo $(DEMO_ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(READY)
	$(BIN)/pytest -m slow

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(READY)
	$(BIN)/python docs/screenshots/take.py $(SCREENSHOTS_ARGS)

# Each library has an environment of its own; one that cannot be installed is left out, and said to be.
$(RIVALS)/%/.ready: benchmarks/quality/rivals/%.lock
	$(PYTHON) -m venv $(RIVALS)/$*
	-$(RIVALS)/$*/bin/pip install --quiet --require-hashes --only-binary :all: -r $< && touch $@

bench-quality: $(READY) $(LOCKS:benchmarks/quality/rivals/%.lock=$(RIVALS)/%/.ready)
	$(BIN)/python -m benchmarks.quality --environments $(RIVALS) $(BENCH_ARGS)

bench-certify: $(READY)
	$(BIN)/python -m benchmarks.quality.certification $(BENCH_ARGS)

bench-latency: $(READY)
	$(BIN)/python -m benchmarks.latency $(BENCH_ARGS)

clean:
	rm -rf $(VENV) $(RIVALS)
