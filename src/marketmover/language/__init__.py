"""What words say: how people feel, what a text is about, which texts are alike, how hard it is to read."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.language.encodings import is_binary, text_in, text_of
    from marketmover.language.entities import Entity, find_entities
    from marketmover.language.languages import foreign_language
    from marketmover.language.masking import Masked, mask
    from marketmover.language.text_model import Answer, TextModel
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Answer": "text_model",
            "Entity": "entities",
            "Masked": "masking",
            "TextModel": "text_model",
            "find_entities": "entities",
            "foreign_language": "languages",
            "is_binary": "encodings",
            "mask": "masking",
            "text_in": "encodings",
            "text_of": "encodings",
        },
    )

__all__ = [
    "Answer",
    "Entity",
    "Masked",
    "TextModel",
    "find_entities",
    "foreign_language",
    "is_binary",
    "mask",
    "text_in",
    "text_of",
]
