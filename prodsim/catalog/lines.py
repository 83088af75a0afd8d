"""The physical lines of a text that arrives in pieces."""

import io
from collections.abc import Callable, Iterable


class Lines:
    """The lines of a text, with their ends, of which those that are done with are forgotten.

    Args:
        pieces: the text, cut behind a line end.

    Attributes:
        held: the lines in memory.
        n_forgotten: how many lines stood before them.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.held: list[str] = []
        self.n_forgotten = 0
        self._change: Callable[[str], str] | None = None

    def fill(self, n: int) -> bool:
        """Hold at least ``n`` lines, if there are as many; return whether there are."""
        while len(self.held) < n:
            piece = next(self._pieces, None)
            if piece is None:
                return False
            lines = io.StringIO(piece, newline="")  # cuts behind \n, \r and \r\n, and nothing else
            self.held += lines if self._change is None else map(self._change, lines)
        return True

    def change(self, change: Callable[[str], str]) -> None:
        """Change each line held, and each to come; after what was changed before."""
        before = self._change
        self._change = change if before is None else lambda line: change(before(line))
        self.held = [*map(change, self.held)]

    def forget(self, n: int) -> None:
        """Forget the first ``n`` lines held."""
        del self.held[:n]
        self.n_forgotten += n

    def skip_empty(self) -> bool:
        """Forget empty lines; return whether one is left that is not."""
        while self.fill(1):
            empty = next((i for i, line in enumerate(self.held) if line.strip("\ufeff \t\r\n\x1a\0")), len(self.held))
            self.forget(empty)
            if self.held:
                return True
        return False
