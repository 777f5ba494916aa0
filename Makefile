# synfin — make demo, make test; make help lists the rest.

SWIFT ?= swift
PREFIX ?= /usr/local
# Elsewhere SwiftPM lets a target import a sibling that it does not declare.
SWIFT_FLAGS = --explicit-target-dependency-import-check error
# Frame pointers would cost 2 % of all instructions; a debugger and perf --call-graph dwarf do without.
# The linker sees all modules, which makes the way of a packet through them 5 % faster; `make release LTO=` is sooner
# done.
LTO = --experimental-lto-mode full
RELEASE_FLAGS = $(SWIFT_FLAGS) -c release --product synfin --static-swift-stdlib --omit-frame-pointers $(LTO)
BINARY = .build/release/synfin
# What the system provides: headers and libraries of libpcap, zlib and zstd.
PACKAGES = libpcap-dev zlib1g-dev libzstd-dev pkg-config
SOURCES = Package.swift Sources Tests
# The tool that measures, and the captures that it keeps.
BENCHMARKS = .build-bench/release/Benchmarks
BENCHMARK_CAPTURES = .build-bench/captures
ROUNDS = 5
SCALE = 1
UPDATE = 0

.DEFAULT_GOAL := help
.PHONY: help setup build release demo test lint check format captures bench bench-check benchmarks
.PHONY: install uninstall clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the system packages that are missing (Debian, Ubuntu), or name them
	@missing=""; \
	if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then \
	  for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed \
	      || missing="$$missing $$package"; \
	  done; \
	  [ -z "$$missing" ] && exit 0; \
	  echo "Installing$$missing"; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  if [ -n "$$as_root" ] && ! command -v sudo >/dev/null; then \
	    echo "Please run as root: apt-get install$$missing"; exit 1; \
	  fi; \
	  $$as_root apt-get update -qq \
	    && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq $$missing; \
	elif ! printf '#include <pcap/pcap.h>\n#include <zlib.h>\n#include <zstd.h>\n' \
	    | cc -E -x c - >/dev/null 2>&1; then \
	  echo "Please install the headers and libraries of libpcap, zlib and zstd first:"; \
	  echo "  Fedora:        dnf install libpcap-devel zlib-devel libzstd-devel"; \
	  echo "  Arch:          pacman -S libpcap zlib zstd"; \
	  echo "  Debian family: apt-get install $(PACKAGES)"; \
	  exit 1; \
	fi

build: setup ## debug build of everything
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests

release: setup ## the binary, with the Swift runtime linked in: .build/release/synfin
	$(SWIFT) build $(RELEASE_FLAGS)

demo: release ## build it and let it read the sample captures
	$(BINARY) SampleCaptures/*/trace.pcap

test: setup ## all tests
	$(SWIFT) test $(SWIFT_FLAGS) --disable-xctest

lint: ## style, unsafe code in its place, sample captures as their notes say
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@! grep -rnwE --include='*.swift' 'unsafe' $(SOURCES) | grep -vE '/Unsafe/|^[^:]+:[0-9]+: *//|^Package\.swift' \
	  || { echo 'lint: unsafe code belongs into a folder named Unsafe'; exit 1; }
	@if command -v python3 >/dev/null; then python3 SampleCaptures/record.py --check; \
	  else echo 'lint: without python3 the notes of the sample captures are not checked'; fi

check: lint test ## lint and test

format: ## rewrite the sources in the house style
	$(SWIFT) format format --in-place --recursive $(SOURCES)

captures: ## record the sample captures anew (root, Linux)
	python3 SampleCaptures/record.py

bench: release benchmarks ## speed and memory beside an empty pcap_loop, as Markdown (ROUNDS=5 SCALE=1)
	@$(BENCHMARKS) measure $(BINARY) $(BENCHMARK_CAPTURES) --rounds $(ROUNDS) --scale $(SCALE) --swift "$(SWIFT)" \
	  > .build-bench/results.md
	@cat .build-bench/results.md

bench-check: release benchmarks ## instructions a packet, which must not grow by 5 % (valgrind; UPDATE=1 keeps them)
	@command -v valgrind >/dev/null || { echo 'bench-check: please install valgrind'; exit 1; }
	@strip --strip-debug -o .build-bench/synfin $(BINARY)  # valgrind would read all of it
	@$(BENCHMARKS) count .build-bench/synfin $(BENCHMARK_CAPTURES) Tests/Benchmarks/Instructions/instructions.json \
	  --update $(UPDATE) --swift "$(SWIFT)"

benchmarks: setup
	$(SWIFT) build $(SWIFT_FLAGS) -c release --product Benchmarks --scratch-path .build-bench

install: release ## install the binary and the shell completions under PREFIX
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/synfin
	-strip --strip-debug $(DESTDIR)$(PREFIX)/bin/synfin
	@for completion in \
	    bash:bash-completion/completions/synfin zsh:zsh/site-functions/_synfin \
	    fish:fish/vendor_completions.d/synfin.fish; do \
	  path=$(DESTDIR)$(PREFIX)/share/$${completion#*:}; \
	  mkdir -p "$$(dirname "$$path")" \
	    && $(BINARY) --generate-completion-script $${completion%%:*} > "$$path" || exit 1; \
	done

uninstall: ## remove what install has put there
	rm -f $(DESTDIR)$(PREFIX)/bin/synfin \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/synfin \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_synfin \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/synfin.fish

clean: ## remove what was built
	rm -rf .build .build-*
