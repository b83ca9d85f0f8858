"""The content of issues: parts taken from the site, drafts, and rendering as mails."""
