"""Whether networks are what a manifest says of them: told from their shapes, and by running them.

What is wrong with a network that somebody brings is `NetworkInvalid`; in a pack it is
`PackInvalid`, which names the field of the manifest.
"""
