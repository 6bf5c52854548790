"""Tables for people, on stdout."""

from collections.abc import Sequence

from vultus.cli.printable import printable

WIDTH_OF_A_PIPE = 200


class Rows:
    """Rows of one table, printed at the end."""

    def __init__(self, *columns: str) -> None:
        """Start a table with the given column heads; a head that ends in > is right-aligned."""
        from rich.table import Table

        self._table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            right = column.endswith(">")
            self._table.add_column(
                column.removesuffix(">"), justify="right" if right else "left", overflow="fold"
            )

    def add(self, *cells: str) -> None:
        """Add a row; cells are text, never markup, and no terminal obeys them."""
        from rich.text import Text

        self._table.add_row(*(Text(printable(cell)) for cell in cells))

    def add_all(self, rows: Sequence[Sequence[str]]) -> None:
        """Add several rows."""
        for row in rows:
            self.add(*row)

    def print(self) -> None:
        """Print the table, unless it has no row."""
        from rich.console import Console

        if self._table.row_count:
            console = Console()
            if not console.is_terminal:
                # Who reads a pipe cuts lines as they like; a terminal's edge is the reader's own.
                console = Console(width=WIDTH_OF_A_PIPE)
            console.print(self._table)
