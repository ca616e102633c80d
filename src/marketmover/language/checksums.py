"""Numbers that prove themselves: bank accounts (ISO 13616) and payment cards (ISO/IEC 7812)."""

import re

IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
CARD = re.compile(r"(?<![\d.])[2-6]\d{3}(?:[ -]?\d){8,15}(?![\d.]\d|\d)")


def is_iban(text: str) -> bool:
    """Whether letters and digits are an IBAN: 97 leaves 1 (ISO 7064).

    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB83 WEST 1234 5698 7654 32")
    (True, False)
    """
    bare = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare):
        return False
    return int("".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether digits are a card's number: 13 to 19 of them with Luhn's check digit.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = (sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0
