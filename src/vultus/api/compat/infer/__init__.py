"""The façade of a FaceNet service that runs behind `/infer` and `/generate`."""
