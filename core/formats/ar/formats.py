"""Arabic as the United Nations writes it: no comma after the month, where it would part a sentence."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i T"
SHORT_DATETIME_FORMAT = "j F Y، H:i T"
