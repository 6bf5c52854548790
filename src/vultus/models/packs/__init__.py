"""Model packs: networks with what they are, where they came from and what they may be used for."""
