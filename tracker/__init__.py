"""The tracker: the status of every state on a day, as a page, a download, an API, feeds, a frame and a report."""
