"""Tables of the synthetic town: a workbook of residents, a text file of rain."""

from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.population import Community

CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
HEADER = ("编号", "社区", "户数", "常住人口", "60岁及以上人口")
UNITS = ("", "", "户", "人", "人")


def write_population(path: Path, found: tuple[Community, ...]) -> Path:
    """Write residents by community under a merged title and a row of units, with a row of totals below."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{LABEL} synthetic", "created": CREATED})
    sheet = book.add_worksheet("社区人口")
    bold = book.add_format({"bold": True, "align": "center"})
    sheet.merge_range(0, 0, 0, len(HEADER) - 1, f"高铁新城各社区常住人口（{LABEL}数据 synthetic，非统计数据）", bold)
    sheet.write_row(1, 0, HEADER, bold)
    sheet.write_row(2, 0, UNITS)
    for row, each in enumerate(found, 3):
        sheet.write_row(row, 0, (each.number, each.name, each.households, each.residents, each.elderly))
    totals = (sum(c.households for c in found), sum(c.residents for c in found), sum(c.elderly for c in found))
    sheet.write_row(3 + len(found), 0, ("", "合计", *totals), bold)
    sheet.set_column(0, len(HEADER) - 1, 18)
    book.close()
    return path


def write_storm(path: Path, rain: tuple[tuple[int, float], ...]) -> Path:
    """Write the made-up storm as GBK text: a title, a header with units, five-minute depths."""
    lines = [f"{LABEL}降雨过程 synthetic storm（非实测）,", "历时(min),降雨量(mm)"]
    lines += [f"{minute},{depth:.1f}" for minute, depth in rain]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gbk"))
    return path


def write_rain_years(path: Path, rain: tuple[tuple[date, float], ...]) -> Path:
    """Write the made-up record of daily rain as GBK text: a title, a header with units, a row a day."""
    lines = [f"{LABEL}逐日降雨 synthetic daily rain（非实测）,", "日期,日降雨量(mm)"]
    lines += [f"{day.isoformat()},{depth:.1f}" for day, depth in rain]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gbk"))
    return path
