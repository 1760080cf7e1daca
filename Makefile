# Each target is one line of `make help`. All set-up is done by the targets themselves; on a fresh Debian with
# Swift 6.3, `make run` and `make test` are enough.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

root := $(CURDIR)
mitoscope := $(root)/.build/release/mitoscope
sources := Package.swift Sources Simulator Tests Benchmarks/Package.swift Benchmarks/Sources

# What tests find in their environment. MITOSCOPE_VENV=none goes without Python Mitogen.
MITOSCOPE_VENV ?= $(root)/.build/venv
export MITOSCOPE_VENV
export MITOSCOPE_AGENT := $(root)/.build/release/mito-agent
export MITOSCOPE_RELEASE := $(mitoscope)
export MITOSCOPE_DEBUG := $(root)/.build/debug/mitoscope

.NOTPARALLEL:
.PHONY: help run test check format fuzz bench steady clean setup setup-python release lint

help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

run: setup release ## the lessons, simulated and then with real processes, and a hang with its explanation
	@echo; echo "A lesson, told from its run in virtual time:"; echo
	@$(mitoscope) run Scenarios/Lessons/06-killed-target.yaml --world sim
	@echo; echo "All lessons, simulated:"; echo
	@$(mitoscope) run Scenarios/Lessons --world sim
	@echo; echo "The same lessons, with real processes:"; echo
	@$(mitoscope) run Scenarios/Lessons --world live
	@echo; echo "A hang that was planted, and its explanation:"; echo
	@$(mitoscope) run Scenarios/Hangs/planted/del-route-swallowed.yaml --world sim

test: setup-python release check ## everything that must hold: check, then every test
	@.ci/tests $(filter-out TidyTests,$(notdir $(wildcard Tests/*Tests)))

check: setup lint ## formatting, and the rules that the project's text keeps
	@.ci/tests TidyTests

format: ## rewrites every Swift file the way `check` wants it
	@swift format --in-place --recursive --parallel $(sources)

fuzz: setup ## ten million hostile inputs through every decoder
	@swift build -c release --product mito-fuzz
	@.build/release/mito-fuzz --cases 10000000

bench: setup-python release ## speed as ratios: against plain C, and against Python Mitogen
	@cd Benchmarks && swift build -c release --scratch-path ../.build/benchmarks --product mito-bench
	@.build/benchmarks/release/mito-bench $(BENCH)

steady: setup release ## the lessons thirty times over, with every core busy
	@.ci/steady 30

clean: ## removes what was built
	@rm -rf .build Benchmarks/.build

setup:
	@.ci/setup

setup-python:
	@.ci/setup $(if $(filter none,$(MITOSCOPE_VENV)),,--venv)

release: setup
	@swift build -c release --product mito-agent
	@swift build -c release --product mitoscope

lint:
	@swift format lint --strict --recursive --parallel $(sources)
