"""What changed in the record, from its trail: as a page, on the pages of countries, and as feeds."""
