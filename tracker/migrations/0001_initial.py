import uuid
from datetime import date

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import core.days


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="year")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "data",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="data"
                    ),
                ),
                ("frozen_at", models.DateTimeField(auto_now_add=True, verbose_name="frozen at")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="frozen by",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen record",
                "verbose_name_plural": "frozen records",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="Erratum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(default=core.days.today, verbose_name="day")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("fr", "French"),
                            ("es", "Spanish"),
                            ("ar", "Arabic"),
                        ],
                        default="en",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="What is wrong, what is right, and the source.",
                        verbose_name="text",
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added at")),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="errata",
                        to="tracker.frozenrecord",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "erratum",
                "verbose_name_plural": "errata",
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="YearlyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1998)],
                        verbose_name="year",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        default=core.days.today,
                        help_text="The report shows the status of states on this day of its year.",
                        verbose_name="day",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "introduction",
                    wagtail.fields.RichTextField(blank=True, verbose_name="introduction"),
                ),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("text", 0),
                            ("heading", 2),
                            ("quote", 7),
                            ("accordion", 12),
                            ("figure", 15),
                            ("embed", 17),
                            ("document", 20),
                            ("key_facts", 26),
                            ("table", 30),
                            ("call_to_action", 38),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "description": "Paragraphs, lists and links.",
                                    "features": [
                                        "h3",
                                        "h4",
                                        "bold",
                                        "italic",
                                        "ol",
                                        "ul",
                                        "link",
                                        "document-link",
                                    ],
                                    "group": "Text",
                                    "icon": "pilcrow",
                                    "label": "Text",
                                    "preview_value": "<p>The Court acts where states <b>cannot or will not</b>. It depends on them for arrests, protection and money.</p>",
                                    "template": "core/blocks/text.html",
                                },
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Text", "max_length": 150},
                            ),
                            2: ("wagtail.blocks.StructBlock", [[("text", 1)]], {}),
                            3: ("wagtail.blocks.TextBlock", (), {"label": "Text"}),
                            4: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Attribution", "max_length": 150},
                            ),
                            5: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "label": "Role, place and date",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            6: (
                                "wagtail.blocks.URLBlock",
                                (),
                                {"label": "Source", "required": False},
                            ),
                            7: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 3), ("attribution", 4), ("role", 5), ("source", 6)]],
                                {},
                            ),
                            8: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 150},
                            ),
                            9: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "link", "ol", "ul"],
                                    "label": "Text",
                                },
                            ),
                            10: ("wagtail.blocks.StructBlock", [[("title", 8), ("text", 9)]], {}),
                            11: (
                                "wagtail.blocks.ListBlock",
                                (10,),
                                {"label": "Parts", "min_num": 1},
                            ),
                            12: ("wagtail.blocks.StructBlock", [[("parts", 11)]], {}),
                            13: ("wagtail.images.blocks.ImageBlock", [], {"label": "Image"}),
                            14: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Caption", "max_length": 300, "required": False},
                            ),
                            15: (
                                "wagtail.blocks.StructBlock",
                                [[("image", 13), ("caption", 14)]],
                                {},
                            ),
                            16: (
                                "wagtail.blocks.URLBlock",
                                (),
                                {"help_text": "On YouTube or Vimeo.", "label": "Video address"},
                            ),
                            17: (
                                "wagtail.blocks.StructBlock",
                                [[("url", 16), ("title", 8), ("caption", 14)]],
                                {},
                            ),
                            18: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"label": "Document"},
                            ),
                            19: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Description", "max_length": 300, "required": False},
                            ),
                            20: (
                                "wagtail.blocks.StructBlock",
                                [[("document", 18), ("description", 19)]],
                                {},
                            ),
                            21: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Figure", "max_length": 30},
                            ),
                            22: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Label", "max_length": 120},
                            ),
                            23: (
                                "wagtail.blocks.StructBlock",
                                [[("value", 21), ("label", 22)]],
                                {},
                            ),
                            24: (
                                "wagtail.blocks.ListBlock",
                                (23,),
                                {"label": "Facts", "max_num": 6, "min_num": 1},
                            ),
                            25: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Every figure needs both.",
                                    "label": "Source and date",
                                    "max_length": 200,
                                },
                            ),
                            26: (
                                "wagtail.blocks.StructBlock",
                                [[("facts", 24), ("source", 25)]],
                                {},
                            ),
                            27: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Text", "required": False},
                            ),
                            28: (
                                "wagtail.blocks.DecimalBlock",
                                (),
                                {"label": "Number", "required": False},
                            ),
                            29: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "link"],
                                    "label": "Text with links",
                                    "required": False,
                                },
                            ),
                            30: (
                                "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                                [[("text", 27), ("number", 28), ("rich_text", 29)]],
                                {
                                    "description": "Rows and columns with a caption and a heading for each column.",
                                    "group": "Facts",
                                    "icon": "table",
                                    "label": "Table",
                                    "preview_value": {
                                        "caption": "The vote on the Rome Statute, 17 July 1998",
                                        "columns": [
                                            {"heading": "Vote", "type": "text"},
                                            {"heading": "States", "type": "number"},
                                        ],
                                        "rows": [
                                            {"values": ["For", 120]},
                                            {"values": ["Against", 7]},
                                            {"values": ["Abstained", 21]},
                                        ],
                                    },
                                    "template": "core/blocks/table.html",
                                },
                            ),
                            31: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Heading", "max_length": 120},
                            ),
                            32: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Text", "required": False},
                            ),
                            33: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Text", "max_length": 80},
                            ),
                            34: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            35: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"label": "Document", "required": False},
                            ),
                            36: (
                                "wagtail.blocks.URLBlock",
                                (),
                                {"label": "Address on another site", "required": False},
                            ),
                            37: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 33), ("page", 34), ("document", 35), ("url", 36)]],
                                {"label": "Link"},
                            ),
                            38: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 31), ("text", 32), ("link", 37)]],
                                {},
                            ),
                        },
                        help_text="Shown after the introduction, before the tables and charts.",
                        verbose_name="body",
                    ),
                ),
                ("live", models.BooleanField(default=False, editable=False, verbose_name="live")),
                (
                    "frozen",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="tracker.frozenrecord",
                        verbose_name="frozen record",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
            ],
            options={
                "verbose_name": "yearly report",
                "verbose_name_plural": "yearly reports",
                "ordering": ["-year", "locale"],
                "permissions": [("freeze_yearlyreport", "Can freeze and publish a yearly report")],
                "abstract": False,
            },
            bases=(models.Model, wagtail.models.preview.PreviewableMixin),
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("fr", "French"),
                            ("es", "Spanish"),
                            ("ar", "Arabic"),
                        ],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("errata", models.PositiveSmallIntegerField(verbose_name="number of errata")),
                ("file", models.FileField(upload_to="reports/", verbose_name="file")),
                ("pages", models.PositiveSmallIntegerField(verbose_name="pages")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="tracker.yearlyreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "report file",
                "verbose_name_plural": "report files",
            },
        ),
        migrations.AddConstraint(
            model_name="frozenrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day__gte", date(1998, 7, 17)),
                    ("year", django.db.models.functions.datetime.ExtractYear("day")),
                ),
                name="frozen_record_is_of_a_day_of_its_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="erratum_has_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlyreport",
            constraint=models.UniqueConstraint(
                fields=("year", "locale"),
                name="unique_yearly_report",
                violation_error_message="There is already a report for this year in this language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day__gte", date(1998, 7, 17)),
                    ("year", django.db.models.functions.datetime.ExtractYear("day")),
                ),
                name="yearly_report_is_of_a_day_of_its_year",
                violation_error_message="The date is not in the report’s year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("live", False), ("frozen__isnull", False), _connector="OR"),
                name="live_yearly_report_is_frozen",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="yearlyreport",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.UniqueConstraint(
                fields=("report", "language", "errata"), name="unique_report_file"
            ),
        ),
    ]
