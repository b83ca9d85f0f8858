"""The four languages of the site: for pages, and for full-text search.

A search configuration folds accents, then stems. English words stand in pages of every language, so words of plain
letters in Arabic pages are stemmed as English, as PostgreSQL's own Arabic configuration does.
"""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CONFIGURATIONS = {"en": "english", "fr": "french", "es": "spanish", "ar": "arabic"}
PLAIN_WORDS = "asciiword, asciihword, hword_asciipart"
OTHER_WORDS = "word, hword, hword_part"


def add_locales(apps, schema_editor):
    locale = apps.get_model("wagtailcore", "Locale")
    for code in CONFIGURATIONS:
        locale.objects.get_or_create(language_code=code)


def create(language, name):
    plain = "english" if language == "ar" else name
    return f"""
        CREATE TEXT SEARCH CONFIGURATION site_{language} (COPY = {name});
        ALTER TEXT SEARCH CONFIGURATION site_{language}
            ALTER MAPPING FOR {OTHER_WORDS} WITH unaccent, {name}_stem;
        ALTER TEXT SEARCH CONFIGURATION site_{language}
            ALTER MAPPING FOR {PLAIN_WORDS} WITH {plain}_stem;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_files_and_settings"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(add_locales, migrations.RunPython.noop),
        UnaccentExtension(),
        *[
            migrations.RunSQL(
                create(language, name), f"DROP TEXT SEARCH CONFIGURATION site_{language}"
            )
            for language, name in CONFIGURATIONS.items()
        ],
    ]
