"""Keys at places all over a file: letters are erased and typed again, so that the text is the same in the end."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

LETTERS = 5
WORD = re.compile(rf"[A-Za-z_]{{{LETTERS},}}")


@dataclass(frozen=True)
class Key:
    """One change: that part of the line becomes that text. It is ASCII up to there."""

    line: int
    start: int
    end: int
    text: str


def places(lines: list[str], count: int, behind: str = "") -> list[tuple[int, int, str]]:
    """So many words, evenly over all lines: line, where the word ends, the word. Always the same ones of a text.

    Where something is named that they stand behind, they are words of lines in which that stands.
    """
    chance = random.Random(1)
    words_of = [words(line, behind) for line in lines]
    # What stands in a text over several lines is no code.
    inside = False
    for number, line in enumerate(lines):
        if inside or '"""' in line or "'''" in line:
            words_of[number] = []
        inside ^= line.count('"""') + line.count("'''") == 1
    found = []
    for number in range(count):
        line = number * len(lines) // count
        while not words_of[line]:
            line = (line + 1) % len(lines)
        word = chance.choice(words_of[line])
        found.append((line, word.end(), word[0]))
    return found


def words(line: str, behind: str) -> list[re.Match[str]]:
    start = line.find(behind)
    return [word for word in WORD.finditer(line, start) if line[: word.end()].isascii()] if start >= 0 else []


def retyped(place: tuple[int, int, str]) -> Iterator[Key]:
    """A word's last letters are erased one by one and typed again."""
    line, end, word = place
    for erased in range(1, LETTERS + 1):
        yield Key(line, end - erased, end - erased + 1, "")
    for letter in range(LETTERS, 0, -1):
        yield Key(line, end - letter, end - letter, word[-letter])


def mistaken(place: tuple[int, int, str]) -> Iterator[Key]:
    """A character that no language has, put before a line and taken away: each of the two changes the findings."""
    line, _, _ = place
    yield Key(line, 0, 0, "$ ")
    yield Key(line, 0, 2, "")
