"""Error rates that nobody measured: ten times fewer false matches with each 0.01 of similarity."""

from vultus.matching.rates import ErrorRates, Rate, Spread


def made_up_rates() -> ErrorRates:
    """From 0.9 and a false match rate of 1e-2 to 0.94 and 1e-6; of mates, 0 to 40 % are lost."""
    fmr = tuple(10.0**-power for power in range(2, 7))
    fnmr = tuple(step / 10 for step in range(5))
    return ErrorRates(
        similarities=(0.90, 0.91, 0.92, 0.93, 0.94),
        fmr=Rate(fmr, tuple(each / 2 for each in fmr), tuple(each * 2 for each in fmr)),
        fnmr=Rate(fnmr, tuple(each * 0.9 for each in fnmr), tuple(each * 1.1 for each in fnmr)),
        spread=Spread(shape=1.0, power=0.0),
        people=1_000,
        protocol="made up",
    )
