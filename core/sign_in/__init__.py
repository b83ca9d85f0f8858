"""How staff sign in: a password, then a second step, then the Wagtail admin.

- `adapters`: what differs from django-allauth's ways. Nobody makes an account for themselves.
- `backends`: whether a password is right, in the same time for known and unknown people.
- `notices`: mail to a person about their account, sent by jobs.
- `sessions`: ends a person's sessions, and tells an open form that its session has ended.
- `gate`: the middleware in front of every page of the admin, and whether a session passed the second step.
- `urls`: the pages, and what takes the place of Wagtail's own ways to sign in, which know one step only.
"""
