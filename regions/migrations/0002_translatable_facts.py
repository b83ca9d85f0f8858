"""Aims and key facts are translated with their page, words and source; figures stay those of the original."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from wagtail.models import BootstrapTranslatableModel

MODELS = ("aim", "keyfact")


def add(model):
    return [
        migrations.AddField(
            model,
            "locale",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
            ),
        ),
        migrations.AddField(model, "translation_key", models.UUIDField(editable=False, null=True)),
        BootstrapTranslatableModel(f"regions.{model}"),
    ]


def require(model):
    return [
        migrations.AlterField(
            model,
            "locale",
            models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
                verbose_name="locale",
            ),
        ),
        migrations.AlterField(
            model, "translation_key", models.UUIDField(default=uuid.uuid4, editable=False)
        ),
        migrations.AlterUniqueTogether(model, {("translation_key", "locale")}),
    ]


class Migration(migrations.Migration):
    # PostgreSQL alters no table whose rows the same transaction has changed.
    atomic = False

    dependencies = [
        ("core", "0003_languages"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions("aim", {"ordering": ["sort_order"], "verbose_name": "aim"}),
        *[operation for model in MODELS for operation in (*add(model), *require(model))],
    ]
