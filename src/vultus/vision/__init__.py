"""From image to templates: decode, detect, align, assess, embed."""
