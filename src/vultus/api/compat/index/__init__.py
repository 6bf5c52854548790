"""The façade of a recognition service that runs behind `/api/v1/index` and `/api/v1/recognize`."""
