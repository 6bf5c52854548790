"""Façades: what other systems' clients call, answered in those systems' own words."""
