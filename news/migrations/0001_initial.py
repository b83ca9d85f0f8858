import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import core.days
import core.models.versions
import news.choices
import news.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_files_and_settings"),
        ("record", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticlePage",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "News"),
                            ("civil-society-view", "Civil society view"),
                            ("statement", "Statement"),
                            ("briefing", "Briefing"),
                            ("publication", "Publication"),
                        ],
                        default="news",
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                (
                    "date",
                    models.DateField(
                        default=core.days.today,
                        help_text="The date of the event or of publication. Lists show the latest first.",
                        verbose_name="date",
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        blank=True,
                        help_text="A person or an organisation. Leave empty to name nobody.",
                        max_length=200,
                        verbose_name="author",
                    ),
                ),
                (
                    "publisher",
                    models.CharField(
                        blank=True,
                        help_text="For publications, if different from the author.",
                        max_length=200,
                        verbose_name="publisher",
                    ),
                ),
                (
                    "image_alt",
                    models.CharField(
                        blank=True,
                        help_text="What a reader who cannot see it needs to know. Leave empty to use the description from the image library.",
                        max_length=300,
                        verbose_name="alternative text",
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
                    "regions",
                    news.fields.ChoicesField(
                        base_field=models.CharField(
                            choices=[
                                ("africa", "Africa"),
                                ("americas", "Americas"),
                                ("asia-pacific", "Asia & the Pacific"),
                                ("europe", "Europe"),
                                ("middle-east-north-africa", "Middle East & North Africa"),
                            ],
                            max_length=32,
                        ),
                        blank=True,
                        default=list,
                        help_text="The regions of the countries below are added automatically.",
                        size=None,
                        verbose_name="regions",
                    ),
                ),
                (
                    "topics",
                    news.fields.ChoicesField(
                        base_field=models.CharField(
                            choices=[
                                ("state-cooperation", "State cooperation"),
                                ("assembly-of-states-parties", "Assembly of States Parties"),
                                ("icc-budget", "A sufficient ICC budget"),
                                ("elections", "Electing the best ICC and ASP leaders"),
                                ("international-organisations", "International organisations"),
                                ("regional-organisations", "Regional organisations"),
                                ("major-powers", "The major powers"),
                                (
                                    "ratification-and-implementation",
                                    "Ratification and implementation",
                                ),
                                ("gender-justice", "Gender justice"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="campaigns",
                    ),
                ),
                (
                    "countries",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True,
                        related_name="articles",
                        to="record.country",
                        verbose_name="countries",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown above the text. For publications, the cover.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.coalitionimage",
                        verbose_name="image",
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
                "verbose_name": "article",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="ArticleDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=news.choices.document_languages,
                        max_length=10,
                        verbose_name="language of the document",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.coalitiondocument",
                        verbose_name="document",
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
                        related_name="documents",
                        to="news.articlepage",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ArticleSource",
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
                    "label",
                    models.CharField(
                        help_text="Who published it, and where: “ICC press release”.",
                        max_length=200,
                        verbose_name="source",
                    ),
                ),
                ("link", models.URLField(blank=True, verbose_name="link")),
                ("day", models.DateField(blank=True, null=True, verbose_name="date of the source")),
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
                        related_name="sources",
                        to="news.articlepage",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NewsIndexPage",
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
                "verbose_name": "news",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.AddIndex(
            model_name="articlepage",
            index=models.Index(fields=["-date"], name="article_by_date"),
        ),
        migrations.AddIndex(
            model_name="articlepage",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["regions", "topics"], name="article_by_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="articlepage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["news", "civil-society-view", "statement", "briefing", "publication"],
                    )
                ),
                name="article_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlepage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "regions__contained_by",
                        [
                            "africa",
                            "americas",
                            "asia-pacific",
                            "europe",
                            "middle-east-north-africa",
                        ],
                    ),
                    (
                        "topics__contained_by",
                        [
                            "state-cooperation",
                            "assembly-of-states-parties",
                            "icc-budget",
                            "elections",
                            "international-organisations",
                            "regional-organisations",
                            "major-powers",
                            "ratification-and-implementation",
                            "gender-justice",
                        ],
                    ),
                ),
                name="article_is_about_what_is_known",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="articledocument",
            unique_together={("translation_key", "locale")},
        ),
        migrations.AlterUniqueTogether(
            name="articlesource",
            unique_together={("translation_key", "locale")},
        ),
    ]
