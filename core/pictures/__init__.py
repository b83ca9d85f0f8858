"""Pictures between an upload and a page: their metadata is removed, and those that are too large are refused."""
