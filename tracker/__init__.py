"""The tracker: where every state stands on a day, as a page, a table to download and a frame for other sites."""
