"""Text for those who open a table in a spreadsheet."""

# What makes a spreadsheet take a cell for a formula, also as written on East Asian keyboards.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(value: str) -> str:
    """The value as a spreadsheet shows it, and never computes it."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
