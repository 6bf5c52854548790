"""Photos of known people: what is measured on."""
