# Each target is one line of `make help`. All set-up is done by the targets themselves; on a fresh Debian with
# Swift 6.3, `make run` and `make test` are enough.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

root := $(CURDIR)
mitoscope := $(root)/.build/release/mitoscope
sources := Package.swift Sources Simulator Examples Tests Benchmarks/Package.swift Benchmarks/Sources

# What tests find in their environment. MITOSCOPE_VENV=none goes without Python Mitogen.
MITOSCOPE_VENV ?= $(root)/.build/venv
export MITOSCOPE_VENV
export MITOSCOPE_AGENT := $(root)/.build/release/mito-agent
export MITOSCOPE_NS := $(root)/.build/release/mito-ns
export MITOSCOPE_LAB := $(root)/.build/release/mito-lab
export MITOSCOPE_RELEASE := $(mitoscope)
export MITOSCOPE_DEBUG := $(root)/.build/debug/mitoscope

.NOTPARALLEL:
.PHONY: help run test check format fuzz soak havoc sanitize bench steady dist bare man docs clean
.PHONY: setup setup-python setup-tests release
.PHONY: lint

help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

run: setup release ## a call in virtual time, then among real processes; every lesson; a hang and its explanation
	@echo; echo "A lesson in virtual time:"; echo
	@$(mitoscope) run Scenarios/Lessons/06-killed-target.yaml
	@echo; echo "The same lesson with real processes:"; echo
	@$(mitoscope) run Scenarios/Lessons/06-killed-target.yaml --world live
	@echo; echo "Every lesson, in every world that this machine has:"; echo
	@$(mitoscope) run Scenarios/Lessons --world all
	@echo; echo "A relay with a planted bug, and why a caller hangs:"; echo
	@$(mitoscope) run Scenarios/Hangs/planted/del-route-swallowed.yaml
	@echo; echo 'Go on with: PATH="$$PWD/.build/release:$$PATH" mitoscope --help'

test: setup-tests release check ## everything that must hold: check, then every test
	@.ci/tests $(filter-out TidyTests,$(notdir $(wildcard Tests/*Tests)))

check: setup lint ## formatting, and the rules that the project's text keeps
	@.ci/tests TidyTests

format: ## rewrites every Swift file the way `check` wants it
	@swift format --in-place --recursive --parallel $(sources)

fuzz: setup ## ten million hostile inputs through every decoder
	@swift build -c release --product mito-fuzz
	@.build/release/mito-fuzz --cases 10000000

soak: setup ## two thousand random trees under random faults, with every checker watching
	@swift build -c release --product mito-soak
	@.build/release/mito-soak $(SOAK)

havoc: setup release ## a hundred labs in each of which one process is killed at some moment: nothing may be left
	@MITOSCOPE_HAVOC=$${HAVOC:-100} .ci/tests MitoscopeCommandTests.LabHavocTests

sanitize: setup ## the live tests under the thread and the address sanitizer: a quarter of an hour
	@.ci/sanitize thread
	@.ci/sanitize address

bench: setup-python release ## speed as ratios: against plain C, and against Python Mitogen; CHECK=1 fails on drift
	@touch Benchmarks/Package.swift  # or the build does not see files of ours that came or went
	@cd Benchmarks && swift build -c release --scratch-path ../.build/benchmarks --product mito-bench
	@.build/benchmarks/release/mito-bench $(BENCH)
	@.build/benchmarks/release/mito-bench count $(if $(CHECK),--check)

steady: setup release ## the lessons thirty times over, with every core busy
	@.ci/steady 30

dist: setup release ## one static program with all that it needs, as dist/mitoscope-VERSION-linux-MACHINE.tar.gz
	@.ci/dist

bare: dist ## the lessons in every world with what `make dist` made, in a Debian system without Swift; needs root
	@.ci/setup --bare
	@.ci/bare

man: setup release ## the manual page, as .build/mitoscope.1
	@$(mitoscope) manual > .build/mitoscope.1
	@echo "man -l .build/mitoscope.1"

docs: setup ## the documentation as a site, .build/docs; a warning is a failure
	@.ci/docs

clean: ## removes what was built
	@rm -rf .build dist Benchmarks/.build

setup:
	@.ci/setup

setup-python:
	@.ci/setup $(if $(filter none,$(MITOSCOPE_VENV)),,--venv)

setup-tests:
	@.ci/setup --containers $(if $(filter none,$(MITOSCOPE_VENV)),,--venv)

release: setup
	@swift build -c release --product mito-agent
	@swift build -c release --product mito-lab
	@swift build -c release --product mito-ns
	@swift build -c release --product mitoscope

lint:
	@swift format lint --strict --recursive --parallel $(sources)
