"""Which hosts are this machine; without FastAPI, so that the command line may ask, too."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, seen from itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
