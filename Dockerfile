# The image of the site. Without a command it serves pages; `manage.py procrastinate worker` makes it a worker and
# `manage.py migrate` prepares a release. Every setting comes from the environment: see .env.example.

FROM python:3.13-slim AS builder

ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /srv/site
RUN pip install --no-cache-dir uv==0.13.9

# What changes seldom comes first: the libraries, without those of tests, checks and the local site.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups

COPY . .
# Neither step reaches a service; the settings only have to be there.
RUN .venv/bin/pybabel compile --directory locale --domain django \
    && DJANGO_SETTINGS_MODULE=coalition_site.settings.production \
       SECRET_KEY=for-the-build-alone HASH_KEY=for-the-build-alone \
       ENCRYPTION_KEY=Zm9yLXRoZS1idWlsZC1hbG9uZS0zMi1ieXRlcy0tLS0= ALLOWED_HOSTS=localhost SITE_URL=http://localhost \
       DATABASE_URL=postgres://localhost/site EMAIL_URL=smtp://localhost \
       .venv/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim

ENV DJANGO_SETTINGS_MODULE=coalition_site.settings.production \
    PATH=/srv/site/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0 \
    PORT=8000 \
    MEDIA_ROOT=/srv/media
# The libraries that draw the PDF of the yearly report.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home site \
    && install --directory --owner site /srv/media
WORKDIR /srv/site
# Owned by root: the site can read its code and write media, nothing else.
COPY --from=builder /srv/site /srv/site
USER 10001
VOLUME /srv/media
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]

CMD ["gunicorn"]
