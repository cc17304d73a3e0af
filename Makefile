# What one does here. `make` alone lists it.

SHELL := /bin/bash
MVN := tools/maven
.DEFAULT_GOAL := help
.PHONY: help build check prerequisites format format-check test e2e fuzz fuzz-short \
        bench bench-images bench-jmh boot-test devices-test kill-test memory-test clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build what ./gantry and the poller run (they do so by themselves, too)
	@./gantry --version
	@dist/poller/build

check: prerequisites format-check build ## every check: format, warnings, Error Prone, tests, architecture, e2e, short fuzz
	@tools/check-native-access
	@$(MVN) --no-transfer-progress verify
	@$(MAKE) --no-print-directory fuzz-short

prerequisites: ## install the packages that the tests need (when root; else say which are missing)
	@tools/prerequisites

format: ## lay out the Java sources
	@tools/format

format-check:
	@tools/format --check

test: ## unit tests and architecture rules alone
	@$(MVN) test -pl qcow2,runtime,importer,cli,poller

e2e: build ## the command against qemu-img, nginx, loop devices, strace
	@$(MVN) --no-transfer-progress test -pl e2e -am -Dtest='io/gantry/e2e/**' \
	  -Dsurefire.failIfNoSpecifiedTests=false

fuzz: ## coverage-guided fuzzing of every parser; SECONDS_EACH=60
	@tools/fuzz $(or $(SECONDS_EACH),60)

fuzz-short:
	@FUZZ_SEED=1 tools/fuzz 5

bench: build bench-images ## measure against qemu-img, gzip, zstd, xz and spool-and-convert
	@bench/run

bench-%: build bench-images ## the same, only cases whose name matches
	@bench/run --only '$*'

bench-images: ## the images that bench and boot-test work on
	@tools/prerequisites debootstrap=debootstrap
	@bench/make-images

bench-jmh: ## microbenchmarks of the inner loops
	@bench/jmh/run

boot-test: build bench-images ## convert a Debian disk and boot it in qemu to the login prompt
	@tools/prerequisites qemu-system-x86_64=qemu-system-x86
	@bench/boot-test

devices-test: build bench-images ## convert a Debian disk to files and loop devices in 54 ways, and compare
	@bench/devices-test

kill-test: build ## kill an import a hundred times, file and device, and look what becomes of it
	@bench/kill-test
	@bench/kill-test --format raw --device
	@bench/kill-test --source s3

memory-test: build ## import 20 GiB from every source inside 256 MiB
	@bench/memory-test

clean: ## remove everything that was built
	rm -rf build target */target
