"""`vultus subjects`: who is in a gallery, and what is known of them."""
