"""What states are called, where a file does not say it: CLDR's everyday names, in the languages of the site.

Of five states CLDR names the land, or adds another name of it; there the name at the United Nations stands.
"""

from babel import Locale

UN_NAMES = {
    "CD": {
        "en": "Democratic Republic of the Congo",
        "fr": "République démocratique du Congo",
        "es": "República Democrática del Congo",
        "ar": "جمهورية الكونغو الديمقراطية",
    },
    "CG": {"en": "Congo", "fr": "Congo", "es": "Congo", "ar": "الكونغو"},
    "MM": {"en": "Myanmar", "fr": "Myanmar", "es": "Myanmar", "ar": "ميانمار"},
    "PS": {
        "en": "State of Palestine",
        "fr": "État de Palestine",
        "es": "Estado de Palestina",
        "ar": "دولة فلسطين",
    },
    "VA": {"en": "Holy See", "fr": "Saint-Siège", "es": "Santa Sede", "ar": "الكرسي الرسولي"},
}


def everyday_name(iso2: str, language: str) -> str | None:
    """The name by the ISO code of two letters. Nothing where no state or territory has the code."""
    if iso2 in UN_NAMES:
        return UN_NAMES[iso2][language]
    name: str | None = Locale(language).territories.get(iso2)
    return name


def short_form(un_name: str, *, name: str) -> str:
    """The short form at the United Nations, or nothing where it is the everyday name, whatever its apostrophes."""
    return "" if un_name.replace("'", "’") == name.replace("'", "’") else un_name
