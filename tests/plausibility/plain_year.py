"""A weather year that a pencil can follow: each hour the same air, and no sun but what a test asks for."""

from pathlib import Path

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
PLACE = ("--latitude", "31", "--longitude", "120", "--time-zone", "8", "--elevation", "0")
SERIES = ("dry-bulb", "relative-humidity", "global-horizontal", "direct-normal", "diffuse-horizontal")


def still_year(path: Path, *, air: float, humidity: float = 50.0, wind: float = 0.0,
               sun: dict[tuple[int, int, int], tuple[float, float, float]] | None = None) -> Path:  # fmt: skip
    """Write a year in EPW; `sun` holds global, direct normal and diffuse irradiance by month, day and hour's end."""
    lit = sun or {}
    lines = ["LOCATION,Still,Still,CHN,made,000000,31,120,8,0", "DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0",
             "GROUND TEMPERATURES,0", "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,made", "COMMENTS 2,made",
             "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31"]  # fmt: skip
    for month, days in enumerate(DAYS, 1):
        for day in range(1, days + 1):
            for hour in range(1, 25):
                whole, direct, diffuse = lit.get((month, day, hour), (0.0, 0.0, 0.0))
                lines.append(
                    f"2023,{month},{day},{hour},60,?,{air},0,{humidity},101325,0,0,300,{whole},{direct},{diffuse},"
                    f"999999,999999,999999,9999,0,{wind},0,0,9999,99999,9,999999999,999,0.999,999,99,999,999,99"
                )
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def weather_of(path: Path) -> tuple[str, ...]:
    """Return the options of a model that reads the year."""
    return tuple(word for name in SERIES for word in (f"--{name}", str(path)))
