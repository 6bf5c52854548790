"""What recognition was before, beside what it is now: a result means more next to a plain one."""
