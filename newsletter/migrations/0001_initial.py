import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import core.days
import core.keyed_hashes
import core.models.versions
import news.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_files_and_settings"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hash_key_id",
                    models.CharField(
                        default=core.keyed_hashes.current_key_id,
                        editable=False,
                        max_length=12,
                        verbose_name="ID of the hash key",
                    ),
                ),
                ("address_key", models.CharField(max_length=64, verbose_name="address hash")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("sign_up", "Sign-up"),
                            ("confirmation", "Confirmation"),
                            ("preference_change", "Change of preferences"),
                            ("unsubscription", "Unsubscription"),
                            ("suppression", "Suppression"),
                            ("expiry", "Sign-up not confirmed in time"),
                            ("erasure", "Erasure"),
                            ("import", "Import from a list"),
                            ("reconfirmation", "Reconfirmed"),
                            ("correction", "Corrected by the secretariat"),
                            ("forgetting", "Address deleted long after the subscription ended"),
                        ],
                        max_length=20,
                        verbose_name="event",
                    ),
                ),
                (
                    "happened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "wording_version",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="version of the wording"
                    ),
                ),
                (
                    "wording",
                    models.TextField(
                        blank=True,
                        help_text="As shown to the person, in the language of the page.",
                        verbose_name="wording",
                    ),
                ),
                (
                    "choices",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Language, regions and topics.",
                        verbose_name="choices",
                    ),
                ),
                (
                    "page",
                    models.CharField(
                        blank=True,
                        help_text="The route name, or the path of a page in the tree.",
                        max_length=200,
                        verbose_name="page",
                    ),
                ),
                (
                    "client_key",
                    models.CharField(blank=True, max_length=64, verbose_name="client address hash"),
                ),
            ],
            options={
                "verbose_name": "consent record",
                "verbose_name_plural": "consent records",
                "ordering": ["-happened_at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["address_key", "happened_at"], name="consent_of_address"),
                    models.Index(fields=["happened_at", "event"], name="consent_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "event__in",
                                [
                                    "sign_up",
                                    "confirmation",
                                    "preference_change",
                                    "unsubscription",
                                    "suppression",
                                    "expiry",
                                    "erasure",
                                    "import",
                                    "reconfirmation",
                                    "correction",
                                    "forgetting",
                                ],
                            )
                        ),
                        name="consent_event_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event", "sign_up"), _negated=True),
                            models.Q(("wording", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sign_up_has_wording",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("page__regex", "[A-Za-z0-9_-]{20}\\.[A-Za-z0-9]+\\.[A-Za-z0-9_-]"),
                            _negated=True,
                        ),
                        name="consent_page_holds_no_token",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueIndexPage",
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
                "verbose_name": "issues of the newsletter",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="IssuePage",
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
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        help_text="Subscribers who chose one of these regions, or all. Leave empty for everybody.",
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
                        help_text="Subscribers who chose one of these topics, or all. Leave empty for everybody.",
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="Of the e-mail. Leave empty to use the title. Phones show about 40 characters.",
                        max_length=150,
                        verbose_name="subject",
                    ),
                ),
                (
                    "preheader",
                    models.CharField(
                        blank=True,
                        help_text="Shown beside the subject in inboxes. 40 to 100 characters.",
                        max_length=150,
                        verbose_name="preheader",
                    ),
                ),
                ("date", models.DateField(default=core.days.today, verbose_name="date")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("lead", 8),
                            ("articles", 11),
                            ("changes", 14),
                            ("event", 20),
                            ("action", 24),
                            ("text", 25),
                        ],
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Heading", "max_length": 150},
                            ),
                            1: ("wagtail.images.blocks.ImageBlock", [], {"label": "Image"}),
                            2: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["bold", "italic", "link"], "label": "Text"},
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Link text", "max_length": 80, "required": False},
                            ),
                            4: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"label": "Page", "required": False},
                            ),
                            5: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"label": "Document", "required": False},
                            ),
                            6: (
                                "wagtail.blocks.URLBlock",
                                (),
                                {"label": "Address on another site", "required": False},
                            ),
                            7: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 3), ("page", 4), ("document", 5), ("url", 6)]],
                                {"label": "Link"},
                            ),
                            8: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 0), ("image", 1), ("text", 2), ("link", 7)]],
                                {},
                            ),
                            9: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {"page_type": ["news.ArticlePage"]},
                            ),
                            10: (
                                "wagtail.blocks.ListBlock",
                                (9,),
                                {"label": "Articles", "min_num": 1},
                            ),
                            11: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 0), ("articles", 10)]],
                                {},
                            ),
                            12: (
                                "wagtail.blocks.DateBlock",
                                (),
                                {
                                    "help_text": "Changes after this date. Leave empty for the date of the previous issue.",
                                    "label": "After",
                                    "required": False,
                                },
                            ),
                            13: (
                                "wagtail.blocks.DateBlock",
                                (),
                                {
                                    "help_text": "Changes up to this date. Leave empty for the date of this issue.",
                                    "label": "Until",
                                    "required": False,
                                },
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 0), ("since", 12), ("until", 13)]],
                                {},
                            ),
                            15: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 150},
                            ),
                            16: ("wagtail.blocks.DateBlock", (), {"label": "First date"}),
                            17: (
                                "wagtail.blocks.DateBlock",
                                (),
                                {"label": "Last date", "required": False},
                            ),
                            18: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Place", "max_length": 150, "required": False},
                            ),
                            19: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "link"],
                                    "label": "Text",
                                    "required": False,
                                },
                            ),
                            20: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 15),
                                        ("begins", 16),
                                        ("ends", 17),
                                        ("place", 18),
                                        ("text", 19),
                                        ("link", 7),
                                    ]
                                ],
                                {},
                            ),
                            21: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Heading", "max_length": 120},
                            ),
                            22: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Text", "max_length": 80},
                            ),
                            23: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 22), ("page", 4), ("document", 5), ("url", 6)]],
                                {"label": "Link"},
                            ),
                            24: (
                                "wagtail.blocks.StructBlock",
                                [[("heading", 21), ("text", 19), ("link", 23)]],
                                {},
                            ),
                            25: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "description": "Paragraphs, lists and links.",
                                    "features": ["h3", "bold", "italic", "ol", "ul", "link"],
                                    "icon": "pilcrow",
                                    "label": "Text",
                                    "template": "newsletter/blocks/text.html",
                                },
                            ),
                        },
                        verbose_name="body",
                    ),
                ),
                (
                    "languages",
                    news.fields.ChoicesField(
                        base_field=models.CharField(
                            choices=[
                                ("en", "English"),
                                ("fr", "French"),
                                ("es", "Spanish"),
                                ("ar", "Arabic"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="Readers of these languages. Leave empty for every language in which the issue is published.",
                        size=None,
                        verbose_name="languages",
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
                "verbose_name": "issue",
            },
            bases=(core.models.versions.LiveVersionMixin, "wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("issue", "Issue"), ("reconfirmation", "Reconfirmation")],
                        default="issue",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "issue_key",
                    models.UUIDField(
                        editable=False, null=True, unique=True, verbose_name="key of the issue"
                    ),
                ),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("sent", "Sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="scheduled",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "pause_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Paused by staff"),
                            ("errors", "Many errors in a row"),
                            ("missed", "The scheduled time passed more than an hour ago"),
                            ("interrupted", "Nothing was sent for more than an hour"),
                            ("checks", "A check before sending failed"),
                            ("restored", "The site was restored from a backup during sending"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "pause_details",
                    models.CharField(blank=True, max_length=300, verbose_name="details"),
                ),
                (
                    "scheduled_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="scheduled for"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                (
                    "active_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last active"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                (
                    "confirmed_before",
                    models.DateField(blank=True, null=True, verbose_name="confirmed before"),
                ),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="deadline")),
                (
                    "errors_in_a_row",
                    models.PositiveIntegerField(default=0, verbose_name="errors in a row"),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ordered by",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mailings",
                        to="newsletter.issuepage",
                        verbose_name="issue",
                    ),
                ),
            ],
            options={
                "verbose_name": "mailing",
                "verbose_name_plural": "mailings",
                "ordering": ["-scheduled_at", "-pk"],
                "permissions": [("send_mailing", "Can send issues to subscribers")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("handed_over", "Handed over"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("uncertain", "Uncertain"),
                            ("skipped", "Unsubscribed before sending"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="waiting",
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, verbose_name="attempts"
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(blank=True, null=True, verbose_name="not before"),
                ),
                ("claim", models.BigIntegerField(blank=True, null=True, verbose_name="claimed by")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                (
                    "error",
                    models.CharField(
                        blank=True, db_default="", max_length=80, verbose_name="error"
                    ),
                ),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="bounced")),
                (
                    "complained_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="complained"),
                ),
                (
                    "unsubscribed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="unsubscribed"),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="newsletter.mailing",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "languages",
                    news.fields.ChoicesField(
                        base_field=models.CharField(
                            choices=[
                                ("en", "English"),
                                ("fr", "French"),
                                ("es", "Spanish"),
                                ("ar", "Arabic"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        help_text="Leave empty for all.",
                        size=None,
                        verbose_name="languages",
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
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        help_text="Subscribers who chose one of these regions, or all. Leave empty for everybody.",
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
                        help_text="Subscribers who chose one of these topics, or all. Leave empty for everybody.",
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "joined_from",
                    models.DateField(blank=True, null=True, verbose_name="signed up from"),
                ),
                (
                    "joined_until",
                    models.DateField(blank=True, null=True, verbose_name="signed up until"),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_until__gte", models.F("joined_from")),
                            ("joined_from__isnull", True),
                            ("joined_until__isnull", True),
                            _connector="OR",
                        ),
                        name="segment_begins_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("languages__contained_by", ["en", "fr", "es", "ar"]),
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
                        name="segment_is_of_what_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="mailing",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="newsletter.segment",
                verbose_name="segment",
            ),
        ),
        migrations.AddField(
            model_name="issuepage",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                help_text="Only people in this segment.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="newsletter.segment",
                verbose_name="segment",
            ),
        ),
        migrations.CreateModel(
            name="SendingClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("free_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="there_is_one_sending_clock"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="key"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
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
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("africa", "Africa"),
                                ("americas", "Americas"),
                                ("asia-pacific", "Asia & the Pacific"),
                                ("europe", "Europe"),
                                ("middle-east-north-africa", "Middle East & North Africa"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        help_text="Leave empty for all.",
                        size=None,
                        verbose_name="regions",
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
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
                        help_text="Leave empty for all.",
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("confirmed", "Confirmed"),
                            ("unsubscribed", "Unsubscribed"),
                            ("suppressed", "Suppressed"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "signed_up_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="signed up"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
            ],
            options={
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
                "ordering": ["-signed_up_at", "-pk"],
                "permissions": [
                    ("export_subscriber", "Can export subscribers"),
                    (
                        "manage_subscriber",
                        "Can see all that is kept of a person, messages included, and end, correct, export or erase it",
                    ),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["-signed_up_at", "-id"], name="subscriber_newest"),
                    models.Index(
                        condition=models.Q(("state", "confirmed")),
                        fields=["language", "id"],
                        name="subscriber_confirmed_language",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["regions"], name="subscriber_regions"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["topics"], name="subscriber_topics"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="unique_subscriber_email",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower(models.F("email")))
                        ),
                        name="subscriber_email_is_normalised",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "confirmed", "unsubscribed", "suppressed"])
                        ),
                        name="subscriber_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="confirmed_subscriber_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["unsubscribed", "suppressed"]), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="former_subscriber_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                        name="subscriber_language_is_known",
                    ),
                    models.CheckConstraint(
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
                            )
                        ),
                        name="subscriber_regions_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
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
                            )
                        ),
                        name="subscriber_topics_are_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
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
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("africa", "Africa"),
                                ("americas", "Americas"),
                                ("asia-pacific", "Asia & the Pacific"),
                                ("europe", "Europe"),
                                ("middle-east-north-africa", "Middle East & North Africa"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
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
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ups",
                        to="newsletter.subscriber",
                        verbose_name="subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-up",
                "verbose_name_plural": "sign-ups",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MailEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(max_length=64, unique=True, verbose_name="fingerprint"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivered", "Delivered"),
                            ("hard_bounce", "Hard bounce"),
                            ("soft_bounce", "Soft bounce"),
                            ("complaint", "Complaint"),
                            ("unsubscription", "Unsubscription"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                (
                    "received_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="received"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="newsletter.delivery",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mail_events",
                        to="newsletter.subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail event",
                "verbose_name_plural": "mail events",
                "ordering": ["-happened_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="subscriber",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deliveries",
                to="newsletter.subscriber",
            ),
        ),
        migrations.CreateModel(
            name="SubscriberImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("content", models.BinaryField(null=True, verbose_name="contents")),
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
                        verbose_name="default language",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("people", "People who agreed to receive the newsletter"),
                            ("left", "People who unsubscribed elsewhere and must not receive mail"),
                            (
                                "bounced",
                                "Addresses that bounced elsewhere and must not receive mail",
                            ),
                        ],
                        default="people",
                        max_length=12,
                        verbose_name="type of list",
                    ),
                ),
                (
                    "consent_source",
                    models.TextField(
                        help_text="Kept with each person as proof of consent, for example “Paper list, Assembly, December 2025”.",
                        max_length=500,
                        verbose_name="source of consent or refusal",
                    ),
                ),
                (
                    "asks_to_confirm",
                    models.BooleanField(
                        default=True, verbose_name="send each person a confirmation e-mail"
                    ),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                (
                    "counts",
                    models.JSONField(
                        default=dict,
                        help_text="The number of lines by outcome.",
                        verbose_name="counts",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of subscribers",
                "verbose_name_plural": "imports of subscribers",
                "ordering": ["-uploaded_at", "-pk"],
                "permissions": [("import_subscriber", "Can import subscribers from a file")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SuppressedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hash_key_id",
                    models.CharField(
                        default=core.keyed_hashes.current_key_id,
                        editable=False,
                        max_length=12,
                        verbose_name="ID of the hash key",
                    ),
                ),
                (
                    "address_key",
                    models.CharField(max_length=64, unique=True, verbose_name="address hash"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "Unsubscribed"),
                            ("erased", "Requested erasure"),
                            ("bounced", "Mail bounced"),
                            ("complained", "Complained about unwanted mail"),
                            ("not_reconfirmed", "Did not reconfirm"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "suppressed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="last confirmation request after a new sign-up",
                    ),
                ),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "unsubscribed",
                                    "erased",
                                    "bounced",
                                    "complained",
                                    "not_reconfirmed",
                                ],
                            )
                        ),
                        name="suppression_reason_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailingContent",
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
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                ("html", models.TextField(verbose_name="HTML")),
                ("text", models.TextField(verbose_name="plain text")),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contents",
                        to="newsletter.mailing",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mailing", "language"), name="unique_mailing_content"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                        name="mailing_content_language_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("html", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                        ),
                        name="mailing_content_has_both_parts",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="mailing",
            index=models.Index(
                condition=models.Q(("state__in", ["scheduled", "sending"])),
                fields=["scheduled_at"],
                name="mailing_in_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["scheduled", "sending", "paused", "sent", "cancelled"])
                ),
                name="mailing_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["issue", "reconfirmation"])),
                name="mailing_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "issue"), ("issue_key__isnull", False)),
                    models.Q(("kind", "reconfirmation"), ("answer_by__isnull", False)),
                    _connector="OR",
                ),
                name="mailing_has_what_its_kind_needs",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "paused"),
                        (
                            "pause_reason__in",
                            ["staff", "errors", "missed", "interrupted", "checks", "restored"],
                        ),
                    ),
                    models.Q(models.Q(("state", "paused"), _negated=True), ("pause_reason", "")),
                    _connector="OR",
                ),
                name="paused_mailing_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sending", "sent"]), _negated=True),
                    models.Q(("active_at__isnull", False), ("started_at__isnull", False)),
                    _connector="OR",
                ),
                name="started_mailing_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["sent", "cancelled"]), _negated=True),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="finished_mailing_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="issuepage",
            index=models.Index(fields=["-date"], name="issue_by_date"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                name="sign_up_language_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
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
                    )
                ),
                name="sign_up_regions_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
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
                    )
                ),
                name="sign_up_topics_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["delivered", "hard_bounce", "soft_bounce", "complaint", "unsubscription"],
                    )
                ),
                name="mail_event_kind_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["mailing", "id"],
                name="delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "handed_over")),
                fields=["claim"],
                name="delivery_handed_over",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["mailing", "state"], name="delivery_by_state"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("mailing", "subscriber"), name="unique_delivery"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "waiting",
                            "handed_over",
                            "sent",
                            "failed",
                            "uncertain",
                            "skipped",
                            "cancelled",
                        ],
                    )
                ),
                name="delivery_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["handed_over", "uncertain"]),
                    ("claim__isnull", True),
                    _connector="OR",
                ),
                name="claimed_delivery_is_not_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "handed_over"), _negated=True),
                    ("claim__isnull", False),
                    _connector="OR",
                ),
                name="handed_over_delivery_is_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["sent", "failed", "uncertain", "skipped", "cancelled"]),
                        _negated=True,
                    ),
                    ("settled_at__isnull", False),
                    _connector="OR",
                ),
                name="settled_delivery_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                name="delivery_language_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriberimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applied_at__isnull", True), ("content__isnull", True), _connector="OR"
                ),
                name="applied_import_keeps_no_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriberimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("consent_source", ""), _negated=True),
                name="import_has_source_of_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriberimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["people", "left", "bounced"])),
                name="import_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriberimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                name="import_language_is_known",
            ),
        ),
    ]
