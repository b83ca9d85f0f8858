"""Runs axe, the accessibility checker, inside a page."""

from playwright.sync_api import Page

from tests.node import PROJECT

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

_axe = PROJECT / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, *, standards: list[str] = STANDARDS) -> list[str]:
    """Return the violations of the rules in `standards`, one line each: the rule, how to fix it, and the element."""
    if not page.evaluate("typeof axe === 'object'"):
        # Evaluated rather than added as a script, which the page's security policy would block.
        page.evaluate(_axe.read_text())
    results = page.evaluate(
        "async (runOnly) => (await axe.run(document, {runOnly, resultTypes: ['violations']})).violations",
        standards,
    )
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
        for rule in results
        for node in rule["nodes"]
    ]
