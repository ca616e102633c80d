"""Bytes into text, whatever encoding they came in."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Of the two encodings that old desktop programs write, the one is meant in which the other letters are such as people
# of Europe use; the same bytes read in the other give signs that stand in no text.
_LIKELY = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüßœÀÁÂÄÅÆÇÈÉÊËÑÓÔÖØÙÚÜŒ£€¥’‘“”„«»–—…•°·½¼©®™§¿¡\xa0")
# Signs that Word and Outlook write under the numbers of other encodings.
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "shift_jis": "cp932",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}


def text_of(data: bytes) -> str:
    """Text from bytes that do not say their encoding: Unicode by its marks or its shape, else Windows or Mac."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    wide = _wide(data)
    if wide:
        return data[: len(data) // 2 * 2].decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _of_a_desktop(data)


def text_in(data: bytes, charset: str | None) -> str:
    """Text from bytes that name their encoding; where it is wrong or unknown, as if they did not name it."""
    named = (charset or "utf-8").strip("'\" ").lower()
    try:
        return data.decode(_ALIASES.get(named, named))
    except (LookupError, UnicodeError):  # `LookupError`: no such encoding, or none of text
        return text_of(data)


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text in any encoding: pictures, archives, programs."""
    head = data[:4096]
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0")):
        return True
    if head.startswith(tuple(mark for mark, _ in _MARKS)) or _wide(data):
        return False
    control = sum(byte < 32 and byte not in (7, 8, 9, 10, 11, 12, 13, 26, 27) for byte in head)
    return b"\x00" in head or control * 20 > len(head)


def _wide(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where every other byte is nought, as in Latin text of that encoding; else empty."""
    head = data[:4096]
    half = len(head) // 2
    if half < 4:
        return ""
    for encoding, high, low in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if high.count(0) >= 0.7 * half and low.count(0) <= 0.02 * half:
            return encoding
    return ""


def _of_a_desktop(data: bytes) -> str:
    windows, mac = data.decode("cp1252", errors="replace"), data.decode("mac_roman")
    return mac if _likely(mac) > _likely(windows) else windows


def _likely(text: str) -> int:
    return sum(1 if one in _LIKELY else -1 for one in text if ord(one) > 127)
