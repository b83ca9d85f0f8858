# Runs the site, its tests and its checks, from a machine that has Python and make. `make help` lists the commands.

PYTHON ?= python3
export PORT ?= 8000
# 1: `make site` and `make dev` delete the database and the uploaded files first.
export RESET ?=
# Arguments for pytest: make test ARGS="tests/newsletter -k confirm"
ARGS ?=

BIN := .venv/bin
# Three processes on two cores: there is always one that waits for a browser, a server or the database.
PYTEST = $(BIN)/pytest -n 3 --no-loadscope-reorder
UV := $(or $(shell command -v uv),$(BIN)/uv)
STAMPS := .venv/stamps
PO := $(wildcard locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)

# Settings of production for its checks, which reach no database.
PRODUCTION = DJANGO_SETTINGS_MODULE=coalition_site.settings.production ALLOWED_HOSTS=www.example.org \
	SITE_URL=https://www.example.org DATABASE_URL=postgres://site@database.example.org/site \
	EMAIL_URL=smtp+tls://mail.example.org:587 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	HASH_KEY=for-the-check-alone ENCRYPTION_KEY=Zm9yLXRoZS1jaGVjay1hbG9uZS0zMi1ieXRlcy0tLS0=

# uv takes the machine's Python and never fetches another.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

.DELETE_ON_ERROR:
.PHONY: help site dev test test-fast coverage check bench trials lighthouse messages translations imports chromium nginx pango clean
.DEFAULT_GOAL := help

help: ## list the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

site: $(STAMPS)/site messages ## run the site as it is deployed, with demo content (PORT=8000; RESET=1 starts anew)
	@exec $(BIN)/python -m local_site site

dev: $(STAMPS)/dev messages ## run the site for developers: debug pages, reload on change (PORT=8000)
	@exec $(BIN)/python -m local_site dev

test: $(STAMPS)/dev node_modules/.package-lock.json messages chromium nginx pango ## run every test (ARGS="tests/home -k front" for some)
	$(PYTEST) $(ARGS)

test-fast: $(STAMPS)/dev messages pango ## run the tests that need no browser and break no server
	$(PYTEST) -m "not browser and not chaos" $(ARGS)

# The browser adds little that the test client does not reach, and takes long.
coverage: $(STAMPS)/dev messages nginx pango ## print the lines and branches of the apps that the tests reach; fails below 92 %
	$(PYTEST) -m "not browser" --cov --cov-report=term:skip-covered $(ARGS)

check: $(STAMPS)/dev messages pango ## check format, lint, types, imports, migrations, templates, settings of production, known vulnerabilities
	$(UV) lock --check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/hadolint Dockerfile
	DJANGO_SETTINGS_MODULE=coalition_site.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m local_site.audit

bench: $(STAMPS)/dev messages ## measure pages and mailings against yardsticks in the same run (ARGS="--only newsletter")
	@$(call need,wrk,wrk)
	$(BIN)/python -m benchmark $(ARGS)

trials: $(STAMPS)/dev messages nginx ## run long trials under faults and attacks (ARGS="delivery" for one, ARGS="--list")
	$(BIN)/python -m trials $(ARGS)

lighthouse: $(STAMPS)/dev node_modules/.package-lock.json messages ## print Lighthouse's scores of the site as it is deployed
	@$(call need,chromium chromium-browser,chromium)
	$(BIN)/python -m tests.performance.lighthouse

messages: $(MO) ## compile the translations that changed

translations: $(STAMPS)/dev ## write new messages into the catalogues in locale/, to be translated
	$(BIN)/python -m local_site.catalogues

imports: $(STAMPS)/dev ## draw the imports between the apps in docs/imports.svg
	@$(BIN)/python -m local_site.import_graph

locale/%/LC_MESSAGES/django.mo: locale/%/LC_MESSAGES/django.po | $(STAMPS)/python
	@test -x $(BIN)/pybabel || $(MAKE) --no-print-directory $(STAMPS)/site
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $*

nginx:
	@$(call need,nginx /usr/sbin/nginx,nginx-light)

# Not every system has the package without windows.
chromium:
	@( $(call need,chromium-headless-shell chromium chromium-browser,chromium-headless-shell) ) 2>/dev/null || \
		$(call need,chromium chromium-browser,chromium)

# Libraries that draw the PDF of the yearly report. The site runs without them; its tests look at the PDF.
pango: $(STAMPS)/dev
	@$(BIN)/python -m tracker.reports.libraries 2>/dev/null || { $(call install,libpangoft2-1.0-0 libharfbuzz-subset0); } || \
		$(BIN)/python -m tracker.reports.libraries

clean: ## remove what was installed and built; var/, with the database and the mail, stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(MO)

# The environment. `site` holds what runs the site, `dev` the tools of developers as well.
$(STAMPS)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed and '$(PYTHON)' is not. Install it, or name it: make site PYTHON=python3.13" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is needed (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@test -x "$(UV)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@mkdir -p $(@D) && touch $@

$(STAMPS)/site: pyproject.toml uv.lock | $(STAMPS)/python
	$(UV) sync --quiet --frozen --inexact --no-default-groups --group local
	@touch $@

$(STAMPS)/dev: pyproject.toml uv.lock | $(STAMPS)/python
	$(UV) sync --quiet --frozen
	@touch $@ $(STAMPS)/site

# Tools that check the pages, run by the Node.js that comes as a wheel.
node_modules/.package-lock.json: package.json package-lock.json | $(STAMPS)/dev
	$(BIN)/python -m tests.node npm-cli.js ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# $(call need,COMMANDS,PACKAGE): installs the system's PACKAGE unless one of COMMANDS is there.
define need
for command in $(1); do command -v $$command >/dev/null && exit 0; done; \
{ $(call install,$(2)); } && exit 0; \
echo "Install '$(2)' from your system's packages: none of these was found: $(1)" >&2; exit 1
endef

# $(call install,PACKAGES): by Debian's package manager, where there is one and it may be used.
define install
if command -v apt-get >/dev/null; then \
	as_root=; [ "$$(id -u)" = 0 ] || as_root="sudo -n"; \
	$$as_root apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
else false; fi
endef
