"""The catalogues in `locale/`: what visitors read, in the languages of the site.

`make translations` writes what is new or gone into them, without a word for what is new; whoever runs it writes the
words. What only staff read in the admin stays in English, and out of the catalogues.
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

# Folders and modules whose words only staff read, or whom they serve. All others are taken for public.
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
    "home/models/home_page.py",
    "home/models/loaded_content.py",
    "home/models/standard_page.py",
    "news/models.py",
    "newsletter/blocks.py",
    "newsletter/choices.py",
    "newsletter/feedback/",
    "newsletter/issues/staff.py",
    "newsletter/mailings/",
    "newsletter/models/",
    "newsletter/panels.py",
    "newsletter/people/forms.py",
    "newsletter/people/growth.py",
    "newsletter/people/hooks.py",
    "newsletter/people/imports/",
    "newsletter/people/personal_data.py",
    "newsletter/people/persons/",
    "newsletter/people/reconfirmation_views.py",
    "newsletter/people/segments.py",
    "newsletter/viewsets.py",
    "record/imports/",
    "record/models/changes.py",
    "record/models/teams.py",
    "record/staff/",
    "regions/models/pages.py",
    "regions/staff/",
    "templates/core/imports/",
    "templates/core/staff/",
    "templates/core/style_guide.html",
    "templates/newsletter/imports/",
    "templates/newsletter/staff/",
    "templates/record/staff/",
    "templates/sign_in/session.html",
    "templates/tracker/report/freeze.html",
    "templates/wagtailadmin/",
    "tracker/models.py",
    "tracker/reports/services.py",
    "tracker/reports/viewsets.py",
    "tracker/wagtail_hooks.py",
)

# Which arguments of each are the message; `c` is its context.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def public_messages() -> Catalog:
    """Every message that visitors may read, with the files it stands in, in the order of these."""
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
    """Bring a catalogue to the messages of today. Gives those that it has no words for yet."""
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
    return [str(message.id) for message in catalogue if message.id and not all(words_of(message))]


def words_of(message: Message) -> tuple[str, ...]:
    """The forms of a message in the language of its catalogue; empty where it has no words."""
    forms = message.string
    return tuple(map(str, forms)) if isinstance(forms, list | tuple) else (str(forms or ""),)


def _public_sources() -> Iterator[Path]:
    packages = {init.parent for init in ROOT.glob("*/__init__.py")}
    folders = {folder for folder in packages if folder.name not in NOT_THE_SITE}
    for folder in sorted({*folders, ROOT / "templates"}):
        for path in sorted(folder.rglob("*")):
            is_source = path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts
            is_source &= path.name != "apps.py"  # Staff alone read the names of apps.
            if is_source and not path.relative_to(ROOT).as_posix().startswith(STAFF):
                yield path


def _as_python(template: str) -> str:
    """The template as calls of gettext, with its lines at the margin: Python would mind how they are indented."""
    return re.sub(r"^[^\S\n]+", "", templatize(template), flags=re.MULTILINE)


if __name__ == "__main__":
    for catalogue in CATALOGUES:
        missing = update(catalogue)
        print(f"{catalogue.relative_to(ROOT)}: {len(missing)} without words")  # noqa: T201
        for message in missing:
            print(f"  {message}")  # noqa: T201
