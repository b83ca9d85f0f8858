"""axe, the accessibility checker, run inside a page."""

from playwright.sync_api import Page

from tests.node import PROJECT

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
# Rows of a table are made by the same lines, and the tables of states have 196: the first stand for all.
LEFT_OUT = "tbody tr:nth-child(n + 21)"

_axe = PROJECT / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, *, standards: list[str] = STANDARDS) -> list[str]:
    """What axe finds by the rules of `standards`, a line for each place: rule, how to mend it, and the element."""
    if not page.evaluate("typeof axe === 'object'"):
        # Evaluated, not added as a script: the page's security policy would refuse that.
        page.evaluate(_axe.read_text())
    results = page.evaluate(
        "async ([out, rules]) => (await axe.run({exclude: [[out]]}, {runOnly: rules})).violations",
        [LEFT_OUT, standards],
    )
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
        for rule in results
        for node in rule["nodes"]
    ]
