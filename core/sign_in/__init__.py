"""Sign-in of staff: a password, then a second step, then the Wagtail admin.

- `adapters`: django-allauth's accounts, passwords and forms, as this site uses them. Nobody signs up by themselves.
- `second_factors`: authenticator apps, security keys and recovery codes, and the encryption of their secrets.
- `sessions`: stores sessions, keeps those without a second step out of the admin, and ends them.
- `notices`: mail to people about their accounts, sent by jobs.
- `urls`: the pages, which replace Wagtail's own: those know one step only.
"""
