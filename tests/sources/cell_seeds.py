"""Good tables of cells for every role that reads them: those of a layout of their own written out, the rest made.

A role is found by itself; one whose table has a layout of its own and none here fails `tests/sources/test_fuzz.py`,
which reads each of these before it damages them.
"""

import math
from collections.abc import Mapping

from citybraid.core.var import Var
from citybraid.sources.protocol.discovery import all_roles
from citybraid.sources.protocol.quantities import columns_of, vocabulary
from citybraid.sources.protocol.role import Role
from citybraid.sources.text.columns import synonyms
from tests.sources.planner_files import SOUTH, WEST

YEAR = "时间,气温(℃),相对湿度(%),总辐射(W/m2),法向直射(W/m2),散射辐射(W/m2),风速(m/s)\n" + "".join(
    f"2023-{month:02}-{day:02} {hour:02}:00,{5 + hour},60,{sun},{sun // 2},{sun // 2},2.5\n"
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
    for day in range(1, days + 1)
    for hour in range(24)
    for sun in (max(0, 100 * (6 - abs(hour - 12))),)
)
OWN: Mapping[str, str] = {
    "activity": '年份,部门,能源品种,消费量,单位\n2020,工业,原煤,"1,200",吨\n'
    '2020,居民生活,天然气,2.5,亿立方米\n2021,工业,电力,3,亿kWh\n',
    "daily_rain": "日期,降水量(mm)\n" + "".join(
        f"{year}-{month:02}-{day:02},{(day * month) % 7}\n"
        for year in range(2000, 2003) for month in range(1, 13) for day in range(1, 29)
    ),
    "gauge_rain": "历时(min),G1 (mm),G2 (mm)\n0,1,0\n5,2,3\n10,0,1\n",
    "land_use_mapping": "原代码,2023代码\nR2,070102\nA33,080403\nG1,1401\n",
    "monthly_climate": "年份,月份,降水量(mm),平均气温\n1981,11,30.5,12.1\n1981,12,9,-1\n1982,2,999999,32766\n",
    "population": '单元名称,常住人口\nA-01,320\nA-02,"1,200"\nB-01,９０\nB-02,1.2万\n',
    "storm": "时间,降雨量(mm)\n00:00,1.0\n00:05,2.5\n00:10,6.0\n00:15,3.0\n",
    "weather": YEAR,
    "typhoon_track": "yyyymmddhh,lat,lon,pres_hPa\n2016091418,23.0,119.0,945\n2016091421,24.5,118.4,950\n",
}  # fmt: skip
"""Tables whose layout is the role's own, by role."""
ROWS = 3


def table_of(role: Role) -> str:
    """Return a good table of a role as delimited text."""
    if role.name in OWN:
        return OWN[role.name]
    if role.sheet is None:
        return _rows_of(role.name)
    var = vocabulary()[role.name]
    step = "\n".join(f"{hour},{_value(var, hour)}" for hour in range(ROWS))
    return f"time (h),{var.name} ({var.unit or '1'})\n{step}\n"


def cell_roles() -> dict[str, Role]:
    """Return every role that a table of cells can be read in, by name: sheets, and tables that have columns."""
    return {
        name: role
        for name, role in all_roles().items()
        if role.sheet is not None or (role.kind == "shapes" and columns_of(name))
    }


def family(role: Role) -> str:
    """Return what roles are damaged together by: those that the same function reads as the same kind."""
    if role.name in OWN:
        return role.name
    return "rows" if role.sheet is None else "series"


def _rows_of(table: str) -> str:
    columns = columns_of(table)
    heads = ["编号", "x", "y", *(_word(var) for var in columns.values())]
    lines = [
        [f"A-{at}", f"{WEST + 10 * at}", f"{SOUTH + 10 * at}", *(_value(var, at) for var in columns.values())]
        for at in range(ROWS)
    ]
    return "".join(",".join(line) + "\n" for line in (heads, *lines))


def _word(var: Var) -> str:
    return next(iter(synonyms(var.name)), var.name)


def _value(var: Var, at: int) -> str:
    """Return a value within a quantity's range, '' for texts, whose codes are their own matter."""
    if var.kind == "text":
        return f"甲{at}"
    low = var.ge if var.ge is not None and math.isfinite(var.ge) else 0.0
    high = var.le if var.le is not None and math.isfinite(var.le) else low + 10.0
    value = low + (high - low) * (at + 1) / (ROWS + 2)
    return str(int(value)) if var.kind == "int" else f"{value:g}"
