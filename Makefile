# `make help` lists what can be made.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# Each recipe is one script.
.ONESHELL:
.PHONY: help deps toolchain build test lint reproduce search clean

packages := libjerasure-dev libgf-complete-dev libzmq3-dev libpopt-dev gnuplot-nox
states = $(shell dpkg-query -W -f '$${Status}:$${Package}\n' $(packages) 2>/dev/null | tr ' ' -)
missing = $(filter-out $(patsubst install-ok-installed:%,%,$(states)),$(packages))
strict := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
release = $(shell swift build -c release --show-bin-path)/crashbench

help:  ## List the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

deps: toolchain  ## Install the Debian packages that are missing (as root or through sudo)
	@$(if $(missing),$(install),:)

define install
if (( EUID == 0 )); then root=(env); else root=(sudo); fi
command -v $$root >/dev/null || {
    echo "These packages are missing, and neither root nor sudo is there to install them;"
    echo "have it done with: apt-get install $(missing)"
    exit 1
} >&2
echo "Installing $(missing)"
install() {
    "$${root[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq --no-install-recommends $(missing)
}
messages=$$(mktemp)
trap 'rm -f "$$messages"' EXIT
{ install || { "$${root[@]}" apt-get update -qq && install; }; } &>"$$messages" || {
    cat "$$messages"
    echo "apt-get could not install $(missing); its messages stand above."
    exit 1
} >&2
endef

toolchain:
	@version=$$(swift --version 2>/dev/null || true)
	[[ $$version =~ Swift\ version\ ([0-9]+) ]] && (( BASH_REMATCH[1] >= 6 )) || {
	    echo "A Swift toolchain of version 6 or later must be on the PATH;"
	    echo "install one from https://www.swift.org/install/linux/."
	    exit 1
	} >&2

build: deps  ## Build the release executable
	@swift build -c release $(strict)

# A browser, in which tests look at reports, and what plots/figures.py needs.
test: packages += chromium python3-matplotlib python3-pandas

# What failed stands at the end again, among thousands of lines it would be lost.
test: deps lint build  ## Check the style, build, and run all tests
	@output=$$(mktemp)
	trap 'rm -f "$$output"' EXIT
	CRASHBENCH_EXECUTABLE="$(release)" swift test $(strict) 2>&1 | tee "$$output" || {
	    echo "The tests failed. Of their output:"
	    grep -aE -A 3 '^✘|^Fatal|error:|signal code' "$$output" | tail -n 60 | cut -c 1-600
	    exit 1
	} >&2

lint: toolchain  ## Check the style of the sources
	@swift format lint --strict -r Sources Tests Package.swift

reproduce: build  ## Reproduce the report's experiment: tables and figures under Results/
	@"$(release)" reproduce boyd

MINUTES ?= 10

search: build  ## Search schedules of faults on virtual nodes for a failure, for MINUTES=10
	@seed=$$(date +%s)
	for mechanism in fusion replication sequencer; do
	    echo "Searching $$mechanism"
	    "$(release)" simulate Experiments/search-$$mechanism.json5 --seed $$seed \
	        --minutes $$(( $(MINUTES) > 3 ? $(MINUTES) / 3 : 1 ))
	done

clean:  ## Remove what was built
	@swift package clean
