# make book    install what is missing, build the tool, execute every chapter, write site/
# make test    build and run every test

.PHONY: deps build book test browser-tests serve falsify format lint docs wasm ulps linear dependency \
        bench bench-tensors bench-kernels bench-steps bench-site install clean
SHELL := /bin/bash
SWIFT ?= swift
# swiftc leaves a temporary folder behind each time.
BUILD := mkdir -p .build/temporary && TMPDIR="$(CURDIR)/.build/temporary" $(SWIFT) build -c release
PREFIX ?= /usr/local
comma := ,

deps:
	@scripts/deps

build:
	@$(BUILD) --product ChapterRuntime
	@$(BUILD) --product sslbook

book: deps build
	@.build/release/sslbook build --strict

test: deps build
	@$(SWIFT) test -c release --disable-testable-imports
	@scripts/browser-tests

# The error of every elementary function at every one of the 2^32 floats; takes a quarter of an hour.
ulps:
	@EVERY_FLOAT=1 $(SWIFT) test -c release --disable-testable-imports --filter FunctionsTests

browser-tests: build
	@scripts/browser-tests

serve: build
	@.build/release/sslbook serve

# Lies that nothing notices; the mutants of the cells take hours.
falsify: build
	@.build/release/sslbook check && .build/release/sslbook falsify --code $(or $(MUTANTS),200)

format:
	@$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

docs:
	@scripts/docs

wasm:
	@scripts/wasm-check

# The library as another package's versioned dependency.
dependency:
	@scripts/dependency-check

linear: build
	@scripts/linear-check

bench: bench-tensors bench-site

# Kernels, then whole training steps, beside PyTorch's: needs python3 with torch and numpy.
# `make bench-tensors ONLY=gemm,attn THREADS=2` narrows the kernels, bench-steps the steps likewise.
bench-tensors: bench-kernels bench-steps

bench-kernels:
	@$(BUILD) --product Benchmarks
	@python3 benchmarks/tensors.py --threads $(or $(THREADS),1) $(if $(ONLY),--only $(ONLY))

bench-steps:
	@$(BUILD) --product Benchmarks
	@$(BUILD) --product Steps
	@python3 benchmarks/steps.py --threads $(if $(THREADS),$(THREADS),1$(comma)2) $(if $(ONLY),--only $(ONLY))

bench-site: build
	@python3 benchmarks/site/bench.py

install: build
	@scripts/install "$(PREFIX)"

clean:
	@rm -rf .build .sslbook site
