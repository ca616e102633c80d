"""A text is called foreign only where it plainly is."""

import pytest

from marketmover.language.languages import foreign_language


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Wir verkaufen Räder und möchten mehr Probefahrten. Bitte kein Facebook, das war nichts für uns."),
        ("fr", "Nous vendons des vélos et nous voulons plus d'essais. Pas de Facebook, avec 8 000 euros par mois."),
        ("es", "Vendemos bicicletas y queremos más pruebas. Son 8.000 euros al mes, sin Facebook por favor."),
        ("it", "Vendiamo biciclette e vogliamo più prove. Sono 8.000 euro al mese, non su Facebook per favore."),
        ("nl", "Wij verkopen fietsen en willen meer proefritten. Het is 8.000 euro per maand, geen Facebook voor ons."),
        ("pt", "Vendemos bicicletas e queremos mais testes. São 8.000 euros por mês, sem Facebook para nós."),
        ("", "Hallo Lena, danke! We sell e-bikes and want more test rides. Mit freundlichen Grüßen, Jan von der Heide"),
        ("", "Die Zeit readers, Los Angeles and La Jolla, no Facebook, budget 8k EUR"),
        ("", "BUDGET 300/DAY"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_language_is_told_by_its_small_words(code: str, text: str) -> None:
    assert foreign_language(text) == code
