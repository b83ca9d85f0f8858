"""Import rows from CSV files: an upload is checked, its changes are shown, and once confirmed they are applied.

An app declares an import in three parts, of which `record/imports/` is an example:

1. `columns.py`: a `Schema` of its columns, each with a parser and an explanation.

        SCHEMA = Schema(
            columns={
                "case": Column(code("[0-9]{4}", _("four digits")), _("Number of the case.")),
                "issued": Column(day, _("Date of issue."), attribute="issued_on"),
            },
            key="case", missing_key=_("There is no column case."), blank_key=_("The row has no case."),
            max_bytes=2 * 1024**2, max_rows=1000,
        )

2. `services.py`: `SCHEMA.read(content)` gives rows and problems; `SCHEMA.assign(row, warrant)` sets attributes;
   `entry_difference` compares before and after. Any problem raises `ImportRefusedError`; all is applied or nothing.

3. `importer.py`: an `Importer` with its texts and steps. In the hooks of the admin, `import_urls(WarrantImporter(),
   "warrants/import/")` makes both pages and `PermissionMenuItem` the entry of the menu. An `ImportCommand` does the
   same on the server.
"""
