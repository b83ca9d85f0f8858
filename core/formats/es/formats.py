"""Django's Spanish formats, with the time zone after each time."""

DATETIME_FORMAT = "j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i T"
SHORT_DATETIME_FORMAT = "d/m/Y H:i T"
