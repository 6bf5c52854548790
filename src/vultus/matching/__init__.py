"""From similarities to decisions: pure functions that say how sure they are."""
