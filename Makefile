# Footbridge. `make demo` runs it, `make test` tests it, `make check` looks for faults.

PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
MANAGE := $(PY) manage.py
DEMO := FOOTBRIDGE_DEMO=1 PORT=$(PORT) SITE_URL=http://localhost:$(PORT)
LIKE_PRODUCTION := FOOTBRIDGE_DEMO=0 DEBUG=0 SITE_URL=https://footbridge.example \
	ALLOWED_HOSTS=footbridge.example EMAIL_URL=smtp+tls://user:password@mail.example:587 \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help setup demo test test-debian check bench lock browser

help:
	@echo "make demo    run the demonstration site (PORT=$(PORT))"
	@echo "make test    run all tests, those in a browser too"
	@echo "make test-debian  the same on Debian's PostgreSQL (apt-get install postgresql)"
	@echo "make check   style, arrows between apps, architecture, migrations, deployment"
	@echo "make bench   measure the speed against its targets"
	@echo "make lock    write requirements.txt anew from requirements.in"

setup: .venv/.installed

.venv/.installed: requirements.txt
	@if [ -z "$(PYTHON)" ]; then \
		echo "Footbridge needs Python 3.11 or newer. Install it, or name it: make PYTHON=..." >&2; exit 1; fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is incomplete. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing what requirements.txt lists into .venv (about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --root-user-action ignore -r requirements.txt
	@touch $@

demo: setup
	@exec env $(DEMO) $(MANAGE) demo

browser:
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null \
		&& [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-dejavu-core; } >/dev/null 2>&1 || echo "Chromium could not be installed." >&2; fi

test: setup browser
	$(PY) -m pytest -n 2

test-debian: setup browser
	$(PY) -m core.tests.debian_server -n 2

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports
	$(PY) -m pytest -q core/tests/test_architecture.py
	@FOOTBRIDGE_VAR=$${FOOTBRIDGE_VAR:-var}/test FOOTBRIDGE_DURABLE=0 $(LIKE_PRODUCTION) \
		$(MANAGE) makemigrations --check --dry-run
	@$(LIKE_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

bench: setup
	FOOTBRIDGE_VAR=$${FOOTBRIDGE_VAR:-var}/bench $(DEMO) $(MANAGE) bench

lock: setup
	@command -v uv >/dev/null || [ -x .venv/bin/uv ] || $(PY) -m pip install --quiet uv
	PATH="$$PATH:.venv/bin" uv pip compile --universal --python-version 3.11 --no-header requirements.in \
		-o requirements.txt
