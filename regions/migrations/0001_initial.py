import uuid

import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import core.models.versions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_files_and_settings"),
        ("record", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountryPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences, under the title and wherever the page is listed.",
                        max_length=400,
                        verbose_name="summary",
                    ),
                ),
                (
                    "show_in_footer",
                    models.BooleanField(
                        default=False,
                        help_text="Linked at the foot of every page.",
                        verbose_name="show in the footer",
                    ),
                ),
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
                        verbose_name="body",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        help_text="The page shows the record of this country. It cannot be changed later.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages",
                        to="record.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "social_image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown where the page is shared. At least 1200 × 630 pixels.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.coalitionimage",
                        verbose_name="social image",
                    ),
                ),
            ],
            options={
                "verbose_name": "country page",
                "verbose_name_plural": "country pages",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="RegionIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences, under the title and wherever the page is listed.",
                        max_length=400,
                        verbose_name="summary",
                    ),
                ),
                (
                    "show_in_footer",
                    models.BooleanField(
                        default=False,
                        help_text="Linked at the foot of every page.",
                        verbose_name="show in the footer",
                    ),
                ),
                ("message", wagtail.fields.RichTextField(blank=True, verbose_name="message")),
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
                        verbose_name="body",
                    ),
                ),
                (
                    "social_image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown where the page is shared. At least 1200 × 630 pixels.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.coalitionimage",
                        verbose_name="social image",
                    ),
                ),
            ],
            options={
                "verbose_name": "where we work",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="RegionPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences, under the title and wherever the page is listed.",
                        max_length=400,
                        verbose_name="summary",
                    ),
                ),
                (
                    "show_in_footer",
                    models.BooleanField(
                        default=False,
                        help_text="Linked at the foot of every page.",
                        verbose_name="show in the footer",
                    ),
                ),
                (
                    "region",
                    models.CharField(
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
                (
                    "language",
                    models.CharField(editable=False, max_length=12, verbose_name="language"),
                ),
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
                        verbose_name="body",
                    ),
                ),
                (
                    "social_image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown where the page is shared. At least 1200 × 630 pixels.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.coalitionimage",
                        verbose_name="social image",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="KeyFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("icc_member_states", "ICC member states"),
                            ("coalition_members", "Coalition members"),
                            ("national_coalitions", "National coalitions"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="Only needed for the kind “other”: the other kinds have labels of their own.",
                        max_length=120,
                        verbose_name="label",
                    ),
                ),
                (
                    "value",
                    models.PositiveIntegerField(
                        help_text="The figure that the secretariat last published.",
                        verbose_name="value",
                    ),
                ),
                (
                    "counted",
                    models.BooleanField(
                        default=False,
                        help_text="For ICC member states: visitors see the record's count on the day of their visit, with the value above beside it as the last published figure.",
                        verbose_name="count from the record",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "as_of",
                    models.DateField(
                        blank=True,
                        help_text="The date to which the figure refers.",
                        null=True,
                        verbose_name="as of",
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
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="key_facts",
                        to="regions.regionpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "key fact",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Aim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("text", models.CharField(max_length=200, verbose_name="aim")),
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
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aims",
                        to="regions.regionindexpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "aim",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
        migrations.AddConstraint(
            model_name="regionpage",
            constraint=models.UniqueConstraint(
                fields=("region", "language"), name="one_page_of_a_region_in_a_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "other"), _negated=True),
                fields=("page", "kind"),
                name="unique_key_fact_kind",
                violation_error_message="The region already has a key fact of this kind.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "other"), _negated=True),
                    models.Q(("label", ""), _negated=True),
                    _connector="OR",
                ),
                name="other_key_fact_has_label",
                violation_error_message="A key fact of the kind “other” needs a label.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted", False), ("kind", "icc_member_states"), _connector="OR"
                ),
                name="counted_key_fact_is_member_states",
                violation_error_message="Only ICC member states can be counted from the record.",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="keyfact",
            unique_together={("translation_key", "locale")},
        ),
    ]
