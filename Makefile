# The front door. `make demo` and `make test` do all of their own set-up on a bare Debian 12.
JOBS ?= $(shell nproc)
# Scenarios mostly wait.
WAITING_JOBS ?= $(shell expr 4 \* $(JOBS))
SETUP := scripts/setup

.PHONY: help build demo test quick check check-quick format tidy fuzz bench clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make demo    a small cluster, a git repository and fluxd, on this machine; CLUSTER=current uses your cluster
demo: build
	@scripts/demo

## make test    everything: unit tests, scenarios on the sandbox and on a real control plane
test: build
	@$(SETUP) test demo
	@tests/kube/build
	@scripts/say "running all tests, about 5 minutes"
	ctest --test-dir build/release --output-on-failure -j $(shell expr 2 \* $(JOBS))

## make quick   the inner loop: unit tests and the sandbox scenarios
quick: build
	@$(SETUP) test demo
	ctest --test-dir build/release --output-on-failure -j $(WAITING_JOBS) -LE real

## make check   format, includes, clang-tidy, and the unit tests under the sanitizers
check: check-quick tidy
	@scripts/sanitize tsan

## make check-quick  what CI runs of it: format, includes, address and undefined-behaviour sanitizers
check-quick:
	@$(SETUP) build check test
	@scripts/check-format
	@scripts/check-includes
	@scripts/sanitize asan

## make format  puts every source file into the project's format
format:
	@$(SETUP) check
	@scripts/check-format --fix

tidy:
	@$(SETUP) build check
	@scripts/tidy

## make fuzz    every parser of what others wrote, for FUZZ_SECONDS (60) each
fuzz:
	@$(SETUP) build fuzz
	@scripts/fuzz $(or $(FUZZ_SECONDS),60)

## make bench   the table of docs/performance.md, measured side by side with kubectl and fluxd 1.25.4
bench: build
	@$(SETUP) test
	@tests/kube/build
	@bench/run

## make build   build/release/bin/{fluxd,fluxctl,flux-sandbox}
build:
	@$(SETUP) build
	@scripts/build release

clean:
	rm -rf build
