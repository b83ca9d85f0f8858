.PHONY: help
help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

# Tools that check the pages; tests need them.
node_modules/.package-lock.json: package.json package-lock.json
	.venv/bin/python -m tests.node npm-cli.js ci --ignore-scripts
