# The front door. `make demo` and `make test` do all of their own set-up on a bare Debian 12.
JOBS ?= $(shell nproc)
# Scenarios mostly wait.
WAITING_JOBS ?= $(shell expr 4 \* $(JOBS))
SETUP := scripts/setup

.PHONY: help build demo test quick tests check check-quick format tidy fuzz bench clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make demo    a small cluster, a git repository and fluxd, on this machine; CLUSTER=current uses your cluster
demo:
	@$(SETUP) build demo
	@scripts/build release fluxd fluxctl flux-sandbox
	@scripts/demo

## make test    everything: unit tests under sanitizers, scenarios on the sandbox and on a real control plane
test: tests
	@tests/kube/build
	@scripts/run-tests -j $(shell expr 2 \* $(JOBS))

## make quick   the inner loop: unit tests and the sandbox scenarios
quick: tests
	@scripts/run-tests -j $(WAITING_JOBS) -LE real

# Each is compiled once: the unit tests with sanitizers, the programs of the scenarios as they are used.
tests:
	@$(SETUP) build test demo
	@scripts/build asan unit_tests
	@scripts/build release programs

## make check   format, includes, mutexes, clang-tidy, and the unit tests under the thread sanitizer
check: check-quick tidy
	@$(SETUP) build test
	@scripts/sanitize tsan

## make check-quick  what CI runs of it: format, includes
check-quick:
	@$(SETUP) check
	@scripts/check-format
	@scripts/check-includes

## make format  puts every source file into the project's format
format:
	@$(SETUP) check
	@scripts/check-format --fix

## make tidy    what of it is slow: which mutex guards what, and clang-tidy
tidy:
	@$(SETUP) build check
	@scripts/check-locks
	@scripts/tidy

## make fuzz    every parser of what others wrote, for FUZZ_SECONDS (60) each
fuzz:
	@$(SETUP) build fuzz
	@scripts/fuzz $(or $(FUZZ_SECONDS),60)

## make bench   the table of docs/performance.md, measured side by side with kubectl and fluxd 1.25.4
bench:
	@$(SETUP) build test
	@scripts/build release programs benchmarks
	@tests/kube/build
	@bench/run

## make build   build/release/bin/{fluxd,fluxctl,flux-sandbox}
build:
	@$(SETUP) build
	@scripts/build release programs

clean:
	rm -rf build
