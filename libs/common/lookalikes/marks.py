"""Marks piled up on a letter, which cover the lines around it."""

import unicodedata
from typing import Final

MAX_MARKS: Final = 4
"""Accents and vowel signs on one letter. No script needs more; a hundred cover the lines around."""


def has_piled_marks(text: str) -> bool:
    """Tell whether more than `MAX_MARKS` marks stand on one letter of the text."""
    in_a_row = 0
    for char in unicodedata.normalize("NFD", text):
        in_a_row = in_a_row + 1 if unicodedata.combining(char) else 0
        if in_a_row > MAX_MARKS:
            return True
    return False
