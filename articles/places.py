"""Where a site is likely to be, by the end of its host's name: its country and its clock."""

from __future__ import annotations

ZONES = {
    "ae": "Asia/Dubai",
    "am": "Asia/Yerevan",
    "az": "Asia/Baku",
    "by": "Europe/Minsk",
    "de": "Europe/Berlin",
    "dz": "Africa/Algiers",
    "eg": "Africa/Cairo",
    "fr": "Europe/Paris",
    "ge": "Asia/Tbilisi",
    "il": "Asia/Jerusalem",
    "iq": "Asia/Baghdad",
    "ir": "Asia/Tehran",
    "it": "Europe/Rome",
    "jo": "Asia/Amman",
    "kg": "Asia/Bishkek",
    "kw": "Asia/Kuwait",
    "kz": "Asia/Almaty",
    "lb": "Asia/Beirut",
    "ma": "Africa/Casablanca",
    "om": "Asia/Muscat",
    "pk": "Asia/Karachi",
    "ps": "Asia/Hebron",
    "qa": "Asia/Qatar",
    "ru": "Europe/Moscow",
    "sa": "Asia/Riyadh",
    "sy": "Asia/Damascus",
    "tj": "Asia/Dushanbe",
    "tm": "Asia/Ashgabat",
    "tn": "Africa/Tunis",
    "tr": "Europe/Istanbul",
    "uk": "Europe/London",
    "uz": "Asia/Tashkent",
}
"""The zone of the capital, or of most readers, for each country whose name a host may end in."""

_SPOKEN = {"kk": "kz", "az": "az", "uz": "uz", "ky": "kg", "tg": "tj", "tr": "tr", "he": "il"}
"""Languages that are written in one country above all others."""

_OWN_CODE = {"uk": "GB"}


def place(host: str, language: str | None) -> tuple[str | None, str | None]:
    """The likely country (ISO 3166) and time zone of a host whose site is in this language (ISO 639-1)."""
    ending = host.rpartition(".")[2].lower()
    code = ending if ending in ZONES else _SPOKEN.get(language or "")
    return (_OWN_CODE.get(code, code.upper()), ZONES[code]) if code else (None, None)
