import uuid

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import wagtail.contrib.forms.models
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import contact.models
import core.models.versions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_files_and_settings"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPage",
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
                ("button", models.CharField(max_length=40, verbose_name="button text")),
                (
                    "thanks",
                    wagtail.fields.RichTextField(
                        help_text="Shown after the message was sent: what happens next, and when.",
                        verbose_name="thanks",
                    ),
                ),
                (
                    "recipients",
                    models.TextField(
                        help_text="Messages are sent to these addresses, one per line. They are not published.",
                        validators=[contact.models.validate_recipients],
                        verbose_name="recipients",
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveSmallIntegerField(
                        default=180,
                        help_text="Messages are then deleted from the site; the e-mails are not.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="days to keep messages",
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
                "verbose_name": "contact page",
            },
            bases=(
                wagtail.contrib.forms.models.FormMixin,
                core.models.versions.LiveVersionMixin,
                "wagtailcore.page",
            ),
        ),
        migrations.CreateModel(
            name="ContactFormField",
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
                    "clean_name",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Safe name of the form field, the label converted to ascii_snake_case",
                        max_length=255,
                        verbose_name="name",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        help_text="The label of the form field",
                        max_length=255,
                        verbose_name="label",
                    ),
                ),
                ("required", models.BooleanField(default=True, verbose_name="required")),
                (
                    "choices",
                    models.TextField(
                        blank=True,
                        help_text="Comma or new line separated list of choices. Only applicable in checkboxes, radio and dropdown.",
                        verbose_name="choices",
                    ),
                ),
                (
                    "default_value",
                    models.TextField(
                        blank=True,
                        help_text="Default value. Comma or new line separated values supported for checkboxes.",
                        verbose_name="default value",
                    ),
                ),
                (
                    "help_text",
                    models.CharField(blank=True, max_length=255, verbose_name="help text"),
                ),
                (
                    "field_type",
                    models.CharField(
                        choices=[
                            ("singleline", "One line"),
                            ("multiline", "Several lines"),
                            ("email", "E-mail address"),
                            ("dropdown", "One from a list"),
                            ("radio", "Radio buttons"),
                            ("checkboxes", "Checkboxes"),
                            ("checkbox", "Yes or no"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[("reply_address", "Reply address"), ("subject", "Subject")],
                        help_text="Choose one field as the reply address so that e-mails can be answered.",
                        max_length=16,
                        verbose_name="use in the mail",
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
                        related_name="form_fields",
                        to="contact.contactpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "field",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContactMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form_data",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                (
                    "submit_time",
                    models.DateTimeField(auto_now_add=True, verbose_name="submit time"),
                ),
                (
                    "mailed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="mailed at"),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.WAGTAIL_PAGE_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "contact message",
                "verbose_name_plural": "contact messages",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["page", "submit_time"], name="contact_messages_by_age")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contactpage",
            constraint=models.CheckConstraint(
                condition=models.Q(("keep_days__gte", 1)), name="contact_messages_are_kept_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactformfield",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", ""), _negated=True),
                fields=("page", "role"),
                name="unique_contact_field_role",
                violation_error_message="Another field is already used for this in the e-mail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactformfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "reply_address"), _negated=True),
                    ("field_type", "email"),
                    _connector="OR",
                ),
                name="contact_reply_address_is_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactformfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "subject"), _negated=True),
                    ("field_type__in", ("singleline", "dropdown", "radio")),
                    _connector="OR",
                ),
                name="contact_subject_is_short",
            ),
        ),
        migrations.AlterUniqueTogether(
            name="contactformfield",
            unique_together={("translation_key", "locale")},
        ),
    ]
