"""What the site adds to wagtail-localize: who may publish what, and what all languages of a page share."""
