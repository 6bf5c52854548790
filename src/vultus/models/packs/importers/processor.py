"""What this machine's processor can do with bytes."""

from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# As Linux names them: AVX-512 VNNI, AVX-VNNI, and the dot products of ARM.
DOT_PRODUCTS = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})


def has_vnni(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the processor adds up products of bytes in 32 bits, so that none overflows.

    Without that, weights of 8-bit networks need a reduced range. False where Linux does not say.
    """
    try:
        lines = cpuinfo.read_text("ascii", "replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return not DOT_PRODUCTS.isdisjoint(flags.split())
