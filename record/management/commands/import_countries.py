"""Imports the record from a CSV file."""

from typing import Any

from core.days import today
from core.imports.commands import ImportCommand
from core.imports.uploads import Upload
from record.imports import apply_import, plan_import


class Command(ImportCommand):
    """For staff who keep the record in a spreadsheet. A new site imports its own data in the same way.

    It prints every difference before writing it.
    """

    help = "Import countries, treaty actions and laws from a CSV file. docs/editors.md has its columns."

    def run_import(self, upload: Upload, *, dry_run: bool, **options: Any) -> str:
        plan = plan_import(content=upload.content, today=today())
        for difference in plan.differences:
            self.stdout.write(f"{difference.name} ({difference.key})")
            for entry in difference.entries:
                self.stdout.write(f"  {entry}")
                for field in entry.fields:
                    self.stdout.write(
                        f"    {field.name}: {field.before or '-'} -> {field.after or '-'}"
                    )
        if plan.differences and not dry_run:
            apply_import(content=upload.content, name=upload.name, today=today(), stamp=plan.stamp)
        return f"{plan.rows} rows read, {len(plan.differences)} countries differ"
