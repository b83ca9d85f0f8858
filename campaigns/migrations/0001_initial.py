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
        ("regions", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignIndexPage",
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
                "verbose_name": "campaigns",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="CampaignPage",
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
                    "topic",
                    models.CharField(
                        choices=[
                            ("state-cooperation", "State cooperation"),
                            ("assembly-of-states-parties", "Assembly of States Parties"),
                            ("icc-budget", "A sufficient ICC budget"),
                            ("elections", "Electing the best ICC and ASP leaders"),
                            ("international-organisations", "International organisations"),
                            ("regional-organisations", "Regional organisations"),
                            ("major-powers", "The major powers"),
                            ("ratification-and-implementation", "Ratification and implementation"),
                            ("gender-justice", "Gender justice"),
                        ],
                        max_length=40,
                        verbose_name="topic",
                    ),
                ),
                (
                    "ask",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What the Coalition asks of states, in a few words.",
                        verbose_name="the ask",
                    ),
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
                "verbose_name": "campaign",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="RelatedRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related_regions",
                        to="campaigns.campaignpage",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="regions.regionpage",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "related region",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("page", "region"), name="unique_related_region")
                ],
            },
        ),
    ]
