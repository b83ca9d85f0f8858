import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
from django.conf import settings
from django.db import migrations, models

import core.days
import core.models.versions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
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
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                (
                    "iso2",
                    models.CharField(
                        max_length=2,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Two capital letters."
                            )
                        ],
                        verbose_name="ISO code of two letters",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        max_length=3,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Three capital letters."
                            )
                        ],
                        verbose_name="ISO code of three letters",
                    ),
                ),
                (
                    "m49",
                    models.CharField(
                        max_length=3,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[0-9]{3}$", "Three digits.")
                        ],
                        verbose_name="UN M49 code",
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_fr", models.CharField(max_length=80, verbose_name="name in French")),
                ("name_es", models.CharField(max_length=80, verbose_name="name in Spanish")),
                ("name_ar", models.CharField(max_length=80, verbose_name="name in Arabic")),
                (
                    "un_name",
                    models.CharField(
                        blank=True,
                        help_text="In English, where it differs from the name.",
                        max_length=80,
                        verbose_name="short form at the United Nations",
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
                        max_length=32,
                        verbose_name="region",
                    ),
                ),
                (
                    "un_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("African", "African States"),
                            ("Asia-Pacific", "Asia-Pacific States"),
                            ("Eastern European", "Eastern European States"),
                            ("GRULAC", "Latin American and Caribbean States"),
                            ("WEOG", "Western European and other States"),
                        ],
                        max_length=24,
                        verbose_name="regional group at the United Nations",
                    ),
                ),
                (
                    "national_coalition",
                    models.CharField(
                        blank=True,
                        help_text="Its name, if there is one.",
                        max_length=200,
                        verbose_name="national coalition",
                    ),
                ),
                (
                    "national_coalition_link",
                    models.URLField(blank=True, verbose_name="link of the national coalition"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Shown to the public.", verbose_name="note"
                    ),
                ),
                ("sources", models.TextField(blank=True, verbose_name="sources")),
                (
                    "verified_on",
                    models.DateField(blank=True, null=True, verbose_name="last verified on"),
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
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last verified by",
                    ),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["name_en"],
                "permissions": [("import_country", "Can import the record from a file")],
            },
            bases=(core.models.versions.LiveVersionMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="FocusYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1998)],
                        verbose_name="year",
                    ),
                ),
                (
                    "ask",
                    models.TextField(
                        help_text="What the Coalition asks of the state this year.",
                        verbose_name="ask",
                    ),
                ),
                (
                    "country",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="focus_years",
                        to="record.country",
                    ),
                ),
            ],
            options={
                "verbose_name": "focus year",
                "verbose_name_plural": "focus years",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="ImplementingLaw",
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
                        choices=[
                            ("complementarity", "Complementarity"),
                            ("cooperation", "Cooperation"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("none", "No law"),
                            ("drafting", "Being drafted"),
                            ("before_parliament", "Before parliament"),
                            ("enacted", "Enacted"),
                            ("amended", "Enacted and amended"),
                        ],
                        max_length=24,
                        verbose_name="stage",
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known"),
                            ("partial", "In part"),
                            ("full", "In full"),
                        ],
                        default="unknown",
                        max_length=16,
                        verbose_name="coverage",
                    ),
                ),
                (
                    "gender_provisions",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known"),
                            ("none", "None"),
                            ("partial", "Some"),
                            ("full", "As in the Statute"),
                        ],
                        default="unknown",
                        max_length=16,
                        verbose_name="gender provisions",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                (
                    "date",
                    models.DateField(
                        blank=True,
                        help_text="The day on which the law reached this stage.",
                        null=True,
                        verbose_name="date",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        default=core.days.today,
                        help_text="The day of the source. If the day of the stage is not known, the stage counts from this day.",
                        verbose_name="as of",
                    ),
                ),
                ("link", models.URLField(blank=True, verbose_name="link")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "certainty",
                    models.CharField(
                        choices=[("confirmed", "Confirmed"), ("to_be_verified", "To be verified")],
                        default="to_be_verified",
                        max_length=16,
                        verbose_name="certainty",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Shown to the public.", verbose_name="note"
                    ),
                ),
                (
                    "country",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="laws",
                        to="record.country",
                    ),
                ),
            ],
            options={
                "verbose_name": "implementing law",
                "verbose_name_plural": "implementing laws",
                "ordering": ["kind", "date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RecordVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "cause",
                    models.CharField(
                        choices=[("edit", "Edited by staff"), ("import", "Imported")],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "public_from",
                    models.DateTimeField(
                        blank=True,
                        help_text="Its changes are not published until then; empty: published at once.",
                        null=True,
                        verbose_name="public from",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        help_text="A version whose changes were undone before they were published.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="record.recordversion",
                        verbose_name="undoes",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of the record",
                "verbose_name_plural": "versions of the record",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RecordChange",
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
                        choices=[
                            ("added", "Added"),
                            ("updated", "Updated"),
                            ("verified", "Verified"),
                            ("corrected", "Corrected"),
                            ("removed", "Removed"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("entry", models.CharField(max_length=32, verbose_name="entry")),
                ("entry_key", models.BigIntegerField(null=True, verbose_name="key of the entry")),
                (
                    "before",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                        verbose_name="before",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                        verbose_name="after",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="record.country",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="record.recordversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "change to the record",
                "verbose_name_plural": "changes to the record",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RegionTeam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        max_length=32,
                        verbose_name="region",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="region_teams",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "team of a region",
                "verbose_name_plural": "teams of regions",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TreatyAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "treaty",
                    models.CharField(
                        choices=[
                            ("rome-statute", "Rome Statute"),
                            ("apic", "Agreement on the Privileges and Immunities of the Court"),
                            (
                                "art8-2010",
                                "Amendment on certain weapons in conflicts within a state (2010)",
                            ),
                            ("aggression-2010", "Amendments on the crime of aggression (2010)"),
                            ("art124-2015", "Amendment to article 124 (2015)"),
                            ("art8-2017-biological", "Amendment on biological weapons (2017)"),
                            (
                                "art8-2017-undetectable",
                                "Amendment on fragments that X-rays do not detect (2017)",
                            ),
                            ("art8-2017-lasers", "Amendment on blinding laser weapons (2017)"),
                            ("art8-2019-starvation", "Amendment on starvation of civilians (2019)"),
                            ("ljubljana-the-hague-2023", "Ljubljana-The Hague Convention"),
                        ],
                        default="rome-statute",
                        max_length=32,
                        verbose_name="treaty",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("signature", "Signature"),
                            ("ratification", "Ratification"),
                            ("accession", "Accession"),
                            ("acceptance", "Acceptance"),
                            ("approval", "Approval"),
                            ("succession", "Succession"),
                            ("consent", "Consent to be bound (kind of instrument not known)"),
                            ("instrument_withdrawn", "Instrument withdrawn"),
                            ("withdrawal_notice", "Notice of withdrawal"),
                            ("withdrawal_notice_revoked", "Withdrawal notice revoked"),
                            ("declaration", "Declaration not to become a party"),
                        ],
                        max_length=32,
                        verbose_name="action",
                    ),
                ),
                (
                    "date",
                    models.DateField(
                        help_text="The day of signature, deposit, or receipt by the depositary.",
                        verbose_name="date",
                    ),
                ),
                (
                    "effect_override",
                    models.DateField(
                        blank=True,
                        help_text="Only if the treaty's own rule does not determine the day.",
                        null=True,
                        verbose_name="another day of effect",
                    ),
                ),
                (
                    "effect_override_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason for another day"
                    ),
                ),
                (
                    "takes_effect_on",
                    models.DateField(editable=False, null=True, verbose_name="takes effect on"),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "certainty",
                    models.CharField(
                        choices=[("confirmed", "Confirmed"), ("to_be_verified", "To be verified")],
                        default="to_be_verified",
                        max_length=16,
                        verbose_name="certainty",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Shown to the public.", verbose_name="note"
                    ),
                ),
                (
                    "country",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treaty_actions",
                        to="record.country",
                    ),
                ),
            ],
            options={
                "verbose_name": "treaty action",
                "verbose_name_plural": "treaty actions",
                "ordering": ["date", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="country",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("iso2__regex", "^[A-Z]{2}$"),
                    ("iso3__regex", "^[A-Z]{3}$"),
                    ("m49__regex", "^[0-9]{3}$"),
                ),
                name="country_codes_are_well_formed",
            ),
        ),
        migrations.AddConstraint(
            model_name="country",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "region__in",
                        [
                            "africa",
                            "americas",
                            "asia-pacific",
                            "europe",
                            "middle-east-north-africa",
                        ],
                    )
                ),
                name="country_has_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="focusyear",
            constraint=models.UniqueConstraint(
                fields=("country", "year"),
                name="unique_focus_year",
                violation_error_message="The country has an ask for this year already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="implementinglaw",
            constraint=models.UniqueConstraint(
                fields=("country", "kind", "title"),
                name="unique_implementing_law",
                violation_error_message="A law of this kind and title is in the record already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="implementinglaw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["complementarity", "cooperation"]),
                    ("stage__in", ["none", "drafting", "before_parliament", "enacted", "amended"]),
                ),
                name="implementing_law_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("before__isnull", False), ("after__isnull", False), _connector="OR"
                ),
                name="record_change_shows_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="regionteam",
            constraint=models.UniqueConstraint(
                fields=("group", "region"), name="unique_region_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="regionteam",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "region__in",
                        [
                            "africa",
                            "americas",
                            "asia-pacific",
                            "europe",
                            "middle-east-north-africa",
                        ],
                    )
                ),
                name="region_team_has_region",
            ),
        ),
        migrations.AddIndex(
            model_name="treatyaction",
            index=models.Index(
                fields=["country", "treaty", "takes_effect_on"], name="action_by_effect"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyaction",
            constraint=models.UniqueConstraint(
                fields=("country", "treaty", "action", "date"),
                name="unique_treaty_action",
                violation_error_message="This action is in the record already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effect_override", None), ("effect_override_reason", "")),
                    models.Q(
                        ("effect_override__isnull", False),
                        models.Q(("effect_override_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="treaty_action_override_has_reason",
                violation_error_message="Another day of effect needs a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("takes_effect_on", None),
                    ("takes_effect_on__gte", models.F("date")),
                    ("action", "succession"),
                    _connector="OR",
                ),
                name="treaty_action_has_effect_after_its_date",
                violation_error_message="It cannot take effect before the date of deposit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "treaty__in",
                        [
                            "rome-statute",
                            "apic",
                            "art8-2010",
                            "aggression-2010",
                            "art124-2015",
                            "art8-2017-biological",
                            "art8-2017-undetectable",
                            "art8-2017-lasers",
                            "art8-2019-starvation",
                            "ljubljana-the-hague-2023",
                        ],
                    ),
                    (
                        "action__in",
                        [
                            "signature",
                            "ratification",
                            "accession",
                            "acceptance",
                            "approval",
                            "succession",
                            "consent",
                            "instrument_withdrawn",
                            "withdrawal_notice",
                            "withdrawal_notice_revoked",
                            "declaration",
                        ],
                    ),
                ),
                name="treaty_action_is_known",
            ),
        ),
    ]
