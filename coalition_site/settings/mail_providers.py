"""The mail services that `ANYMAIL_PROVIDER` can name, and what each of them must be told.

A key `POSTMARK_SERVER_TOKEN` is read from the environment as `ANYMAIL_POSTMARK_SERVER_TOKEN`. Any other option of
django-anymail can be given in the same way; the names are those of its documentation.
"""

REQUIRED_KEYS: dict[str, tuple[str, ...]] = {
    "amazon_ses": (),  # Credentials come from the machine's role or from AWS's own variables.
    "brevo": ("BREVO_API_KEY",),
    "mailersend": ("MAILERSEND_API_TOKEN",),
    "mailgun": ("MAILGUN_API_KEY",),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "mailtrap": ("MAILTRAP_API_TOKEN",),
    "postal": ("POSTAL_API_KEY", "POSTAL_API_URL"),
    "postmark": ("POSTMARK_SERVER_TOKEN",),
    "resend": ("RESEND_API_KEY",),
    "scaleway": ("SCALEWAY_PROJECT_ID", "SCALEWAY_SECRET_KEY"),
    "sendgrid": ("SENDGRID_API_KEY",),
    "sparkpost": ("SPARKPOST_API_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY", "UNISENDER_GO_API_URL"),
}


def backend_of(provider: str) -> str:
    """The Django mail backend of one of the providers."""
    return f"anymail.backends.{provider}.EmailBackend"
