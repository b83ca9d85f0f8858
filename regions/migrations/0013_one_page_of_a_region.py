from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_language(apps, schema_editor):
    """Two pages of a region in a language are refused by the constraint: delete one before you migrate."""
    RegionPage = apps.get_model("regions", "RegionPage")
    Page = apps.get_model("wagtailcore", "Page")
    languages = Page.objects.filter(pk=OuterRef("pk")).values("locale__language_code")
    RegionPage.objects.update(language=Subquery(languages))


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0012_undo_of_record_versions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AlterField(
            model_name="regionpage",
            name="region",
            field=models.CharField(
                choices=[
                    ("africa", "Africa"),
                    ("americas", "Americas"),
                    ("asia-pacific", "Asia & the Pacific"),
                    ("europe", "Europe"),
                    ("middle-east-north-africa", "Middle East & North Africa"),
                ],
                help_text="Each region has one page in a language. It cannot be changed later.",
                max_length=32,
                verbose_name="region",
            ),
        ),
        migrations.AddField(
            model_name="regionpage",
            name="language",
            field=models.CharField(
                default="", editable=False, max_length=12, verbose_name="language"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill_language, migrations.RunPython.noop),
        # PostgreSQL checks constraints that are deferred before it alters the table.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="regionpage",
            constraint=models.UniqueConstraint(
                fields=("region", "language"), name="one_page_of_a_region_in_a_language"
            ),
        ),
    ]
