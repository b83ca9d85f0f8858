"""The catalogues in `locale/`: the public texts of the site in its languages.

`make translations` adds new messages to them, untranslated, and removes those that are gone. Texts that only staff read
in the admin stay in English and out of the catalogues.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
NOT_THE_SITE = {"benchmark", "local_site", "tests", "trials"}

# Folders and modules whose texts only staff read. All others count as public.
STAFF = (
    "campaigns/models.py",
    "coalition_site/settings/",
    "contact/models.py",
    "contact/personal_data.py",
    "contact/services.py",
    "core/admin_times.py",
    "core/blocks/",
    "core/imports/",
    "core/mail_hold/",
    "core/models/",
    "core/personal_data/",
    "core/pictures/",
    "core/privacy.py",
    "core/translations/",
    "core/wagtail_hooks.py",
    "error_reports/personal_data.py",
    "error_reports/services.py",
    "error_reports/viewsets.py",
    "home/models.py",
    "news/models.py",
    "newsletter/blocks.py",
    "newsletter/choices.py",
    "newsletter/feedback/",
    "newsletter/mailings/",
    "newsletter/models/",
    "newsletter/panels.py",
    "newsletter/people/imports/",
    "newsletter/people/persons.py",
    "newsletter/personal_data.py",
    "newsletter/staff/",
    "newsletter/wagtail_hooks.py",
    "record/imports/",
    "record/models/teams.py",
    "record/models/trail.py",
    "record/staff/",
    "record/wagtail_hooks.py",
    "regions/models/pages.py",
    "regions/staff/",
    "regions/wagtail_hooks.py",
    "templates/core/imports/",
    "templates/core/staff/",
    "templates/core/style_guide.html",
    "templates/newsletter/imports/",
    "templates/newsletter/staff/",
    "templates/record/staff/",
    "templates/sign_in/session.html",
    "templates/tracker/staff/",
    "templates/wagtailadmin/",
    "tracker/models.py",
    "tracker/reports/services.py",
    "tracker/viewsets.py",
    "tracker/wagtail_hooks.py",
)

# The arguments of each function that contain messages; `c` marks the context.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def public_messages() -> Catalog:
    """Return every public message with the files that contain it, in the order of the files."""
    catalogue = Catalog()
    for path in _public_sources():
        name = path.relative_to(ROOT).as_posix()
        source = path.read_text()
        if path.suffix != ".py":
            source = _as_python(source)
        found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
        for line, message, _comments, context in found:
            catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def update(path: Path) -> list[str]:
    """Update a catalogue to the current messages. Return those without a translation."""
    text = path.read_text()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    catalogue.update(public_messages(), no_fuzzy_matching=True)
    written = BytesIO()
    write_po(
        written,
        catalogue,
        width=100,
        include_lineno=False,
        omit_header=True,
        ignore_obsolete=True,
    )
    header = text.partition("\n\n")[0]
    path.write_text(f"{header}\n\n{written.getvalue().decode().strip()}\n")
    return [
        str(message.id) for message in catalogue if message.id and not all(translations_of(message))
    ]


def translations_of(message: Message) -> tuple[str, ...]:
    """Return the forms of a message in the language of its catalogue; a missing form is an empty text."""
    forms = message.string
    return tuple(map(str, forms)) if isinstance(forms, list | tuple) else (str(forms or ""),)


def _public_sources() -> Iterator[Path]:
    packages = {init.parent for init in ROOT.glob("*/__init__.py")}
    folders = {folder for folder in packages if folder.name not in NOT_THE_SITE}
    for folder in sorted({*folders, ROOT / "templates"}):
        for path in sorted(folder.rglob("*")):
            is_source = path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts
            is_source &= path.name != "apps.py"  # Only staff see the names of apps.
            if is_source and not path.relative_to(ROOT).as_posix().startswith(STAFF):
                yield path


def _as_python(template: str) -> str:
    """Return the template as calls of gettext without indentation, which Python would not accept."""
    return re.sub(r"^[^\S\n]+", "", templatize(template), flags=re.MULTILINE)


if __name__ == "__main__":
    for catalogue in CATALOGUES:
        missing = update(catalogue)
        print(f"{catalogue.relative_to(ROOT)}: {len(missing)} without translation")  # noqa: T201
        for message in missing:
            print(f"  {message}")  # noqa: T201
