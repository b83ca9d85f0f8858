"""Parts of addresses."""


class Iso3Converter:
    """The code of three letters of a state, typed in capitals or not."""

    regex = "[A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
