# The front door. `make demo` and `make test` do all of their own set-up on a bare Debian 12.
JOBS ?= $(shell nproc)
# Scenarios mostly wait.
WAITING_JOBS ?= $(shell expr 4 \* $(JOBS))
SETUP := scripts/setup

.PHONY: help build demo test quick tests check check-quick format tidy oracle fuzz bench clean

## command | what it does | on two cores
# The lines that begin with two #: command | what | time on two cores.
help:
	@awk -F ' *[|] *' '/^## /{ sub(/^## /, ""); printf "%-35s%-88s%s\n", $$1, $$2, $$3 }' $(MAKEFILE_LIST)

## make demo | a small cluster, a git repository and fluxd on this machine; CLUSTER=current uses yours | 3 min the first time, then 10 s
demo:
	@$(SETUP) build demo
	@scripts/build release fluxd fluxctl flux-sandbox
	@scripts/demo

## make test | all tests: unit tests with sanitizers, scenarios on the sandbox and a real cluster | 6 min once built
test: tests
	@tests/kube/build
	@scripts/run-tests -j $(shell expr 2 \* $(JOBS))

## make quick | the same without the real cluster | 1 to 2 min once built
quick: tests
	@scripts/run-tests -j $(WAITING_JOBS) -LE real

# Each is compiled once: the unit tests with sanitizers, the programs of the scenarios as they are used.
tests:
	@$(SETUP) build test demo
	@scripts/build asan unit_tests
	@scripts/build release programs

## make check | what follows, clang-tidy, the comparison with Go, and the unit tests under the thread sanitizer | half an hour
check: check-quick tidy oracle
	@$(SETUP) build test
	@scripts/sanitize tsan

## make check-quick | what CI checks beside the tests: format, includes, changelog | 2 s
check-quick:
	@$(SETUP) check
	@scripts/check-format
	@scripts/check-includes
	@scripts/check-changelog

## make format | puts every source file into the format | 1 s
format:
	@$(SETUP) check
	@scripts/check-format --fix

## make tidy | what of it is slow: which mutex guards what, and clang-tidy | 20 min
tidy:
	@$(SETUP) build check
	@scripts/check-locks
	@scripts/tidy

## make oracle | filters, versions and edits beside the Go libraries of Flux v1; needs Go | 2 min
oracle:
	@$(SETUP) build
	@tests/oracle/policy/run
	@tests/oracle/edit/run

## make fuzz | each parser of what others wrote for FUZZ_SECONDS (60) | 2 min once built
fuzz:
	@$(SETUP) build fuzz
	@scripts/fuzz $(or $(FUZZ_SECONDS),60)

## make bench | the table of docs/performance.md, beside kubectl and fluxd 1.25.4
bench:
	@$(SETUP) build test
	@scripts/build release programs benchmarks
	@tests/kube/build
	@bench/run

## make build | build/release/bin/{fluxd,fluxctl,flux-sandbox} and their manual pages | 4 min the first time, then seconds
build:
	@$(SETUP) build
	@scripts/build release programs

## make clean | removes build/ | at once
clean:
	rm -rf build

## tests/scenarios/run FILE -k TEST | one scenario of tests/scenarios, on the sandbox, once `make build` has run | 1 to 10 s
## tests/kube/up DIR | a real control plane; then export KUBECONFIG=DIR/kubeconfig | 4 s; the first time 12 min
## tests/kube/down DIR | stops it | 1 s
## docs/development.md | how people work on this
