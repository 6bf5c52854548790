"""How a network gets here (`packs`), and how it runs (`inference`)."""
