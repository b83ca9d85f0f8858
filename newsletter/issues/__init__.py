"""Issues as pages, as mails, as drafts that write themselves, and as a feed."""
