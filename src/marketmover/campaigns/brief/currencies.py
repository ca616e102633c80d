"""Which currency a sign, code or name means: CLDR's data through babel, and the few signs it lacks."""

import re
from functools import lru_cache

# Signs that CLDR gives only in other languages, and what people say instead of a currency's name.
_SIGNS = {
    "us$": "USD", "u$s": "USD", "s$": "SGD", "c$": "CAD", "au$": "AUD", "rs.": "INR", "rs": "INR", "rm": "MYR",
    "z\u0142": "PLN", "k\u010d": "CZK",
    "ft": "HUF", "r": "ZAR", "\u20ba": "TRY", "\u20b4": "UAH", "\u20a6": "NGN", "\u20b5": "GHS", "dhs": "AED",
    "dh": "AED", "ksh": "KES", "lei": "RON", "fr.": "CHF",
    "sek": "SEK", "rmb": "CNY", "kd": "KWD", "qr": "QAR", "sr": "SAR", "jd": "JOD", "bd": "BHD", "s/": "PEN",
    "s/.": "PEN", "n$": "NAD", "nt$": "TWD", "mx$": "MXN", "mex$": "MXN", "col$": "COP", "clp$": "CLP", "ar$": "ARS",
    "tsh": "TZS", "ush": "UGX", "tl": "TRY",
}  # fmt: skip
_NICKNAMES = {
    "quid": "GBP",
    "sterling": "GBP",
    "bucks": "USD",
    "buck": "USD",
    "greenbacks": "USD",
    "rs": "INR",
    "loonies": "CAD",
    "reais": "BRL",
    "franken": "CHF",
    "stutz": "CHF",
    "rmb": "CNY",
    "renminbi": "CNY",
    "forint": "HUF",
    "pesos colombianos": "COP",
    "colombian pesos": "COP",
    "pesos mexicanos": "MXN",
    "pesos chilenos": "CLP",
    "pesos argentinos": "ARS",
    "soles": "PEN",
    "shekels": "ILS",
    "ringgit": "MYR",
    "leva": "BGN",
    "hryvnia": "UAH",
}
_SIGNS_AFTER = frozenset(("z\u0142", "k\u010d", "lei", "dhs", "dh", "ksh", "rs", "rm", "ft", "kd", "qr", "sr", "tl"))
_BY_NOUN = {
    "dollar": "USD",
    "pound": "GBP",
    "rupee": "INR",
    "euro": "EUR",
    "franc": "CHF",
    "yen": "JPY",
    "yuan": "CNY",
    "real": "BRL",
    "rand": "ZAR",
    "won": "KRW",
}
# ISO codes that are English words; they count in capitals only.
_ALSO_WORDS = frozenset(
    [
        "all",
        "try",
        "top",
        "mad",
        "cup",
        "pen",
        "bob",
        "gel",
        "lak",
        "mop",
        "ron",
        "sos",
        "bam",
        "cop",
        "dop",
        "fim",
        "gip",
        "php",
        "pab",
        "isk",
        "ang",
        "sll",
        "std",
        "xdr",
        "xts",
    ]
)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, str], dict[str, set[str]]]:
    """(sign -> code, lower-case English name -> code, last word of a name -> codes), of currencies in use."""
    from babel import Locale
    from babel.core import get_global

    in_use = {
        code
        for entries in get_global("territory_currencies").values()
        for code, _, until, tender in entries
        if until is None and tender
    }
    locale = Locale("en")
    signs = {
        str(sign).lower(): str(code)
        for code, sign in locale.currency_symbols.items()
        if code in in_use and not str(sign).isalpha()
    }
    signs.update(_SIGNS)
    names: dict[str, str] = {}
    nouns: dict[str, set[str]] = {}
    for code, name in locale.currencies.items():
        if code in in_use and "(" not in name:
            names[name.lower()] = code
            nouns.setdefault(name.lower().split()[-1], set()).add(code)
    names["british pound"] = names["pound sterling"] = "GBP"
    return signs, names, nouns


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """ISO 4217 codes of currencies in use."""
    _, names, _ = _known()
    return frozenset(names.values())


@lru_cache(maxsize=1)
def sign_pattern() -> str:
    """A pattern of everything that may stand before an amount: signs and codes, lower case."""
    signs, _, _ = _known()
    parts = sorted(signs, key=len, reverse=True)
    alternatives = "|".join(
        (r"\b" if sign[0].isalpha() else "") + re.escape(sign) + ("(?![a-z])" if sign.isalpha() else "")
        for sign in parts
    )
    iso = "|".join(sorted(code.lower() for code in codes()))
    return rf"(?:\b(?:{iso})(?: ?[$\u00a3\u20ac])?|{alternatives}|\bkr\.?)"


@lru_cache(maxsize=1)
def name_pattern() -> str:
    """A pattern of everything that may stand behind an amount: codes, signs, names."""
    signs, _, nouns = _known()
    noun = "|".join(sorted((re.escape(word) for word in nouns if len(word) > 2), key=len, reverse=True))
    nick = "|".join(sorted(_NICKNAMES, key=len, reverse=True))
    tail = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True) if not sign.isalpha())
    return (
        rf"(?:(?:{nick})\b|(?:[a-z.]+ )?(?:{noun})s?\b|(?:ft|kd|qr|sr|tl)\b|\b[a-z]{{3}}\b|{tail}|z\u0142|k\u010d|kr\b)"
    )


def from_sign(sign: str, cased: str = "") -> str | None:
    """The currency of what stands before an amount; `None` where it is no currency. `$` alone is USD."""
    bare = sign.strip().lower()
    signs, _, _ = _known()
    if bare in signs:
        return signs[bare]
    code = re.sub(r"[ $\u00a3\u20ac]+$", "", bare)
    return _from_code(code, (cased.strip() or sign.strip())[: len(code)])


def from_name(name: str, cased: str = "", countries: list[str] | None = None) -> str | None:
    """The currency of what stands behind an amount (`EUR`, `Swiss francs`, `quid`); shared names go by `countries`."""
    bare = name.strip().lower().rstrip(".")
    signs, names, nouns = _known()
    if bare in _NICKNAMES:
        return _NICKNAMES[bare]
    if bare in signs and (not bare.isalpha() or bare in _SIGNS_AFTER):
        return signs[bare]
    if bare in ("kr", "krona", "kronor", "kroner"):
        return _of_countries({"SEK", "NOK", "DKK"}, countries or [])
    words = [re.sub(r"(?<=[^s])s$", "", word) for word in bare.replace("u.s.", "us").replace("american", "us").split()]
    whole = " ".join(words)
    if whole in names:
        return names[whole]
    noun = words[-1] if words else ""
    if noun in nouns:
        return _BY_NOUN.get(noun) or _of_countries(nouns[noun], countries or [])
    return _from_code(bare, cased.strip() or name.strip())


def of_country(country: str) -> str | None:
    """The one legal tender of a country (ISO 3166-1), `None` where there are several or none."""
    from babel.core import get_global

    tender = [
        code for code, _, until, legal in get_global("territory_currencies").get(country, ()) if until is None and legal
    ]
    return tender[0] if len(tender) == 1 else None


def _from_code(bare: str, cased: str) -> str | None:
    code = bare.upper()
    if code not in codes() or (bare in _ALSO_WORDS and not cased.isupper()):
        return None
    return code


def _of_countries(candidates: set[str], countries: list[str]) -> str | None:
    from babel.core import get_global

    tender = get_global("territory_currencies")
    local = {
        code for country in countries for code, _, until, legal in tender.get(country, ()) if until is None and legal
    }
    fitting = sorted(candidates & local) if local else sorted(candidates)
    return fitting[0] if len(fitting) == 1 else None
