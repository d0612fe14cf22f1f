"""Chinese characters and numbers: one space between them, wherever a value is put into a sentence."""

import pytest

from citybraid.core.text import say
from citybraid.core.wording.spacing import filled


@pytest.mark.parametrize(
    ("sentence", "values", "said"),
    [
        ("在{budget}预算内", {"budget": "12,000 万元"}, "在 12,000 万元预算内"),
        ("由 {before} 变为 {after}（{change}）", {"before": "407 个", "after": "53%", "change": "−3 个"},
         "由 407 个变为 53%（−3 个）"),
        ("由 {before}变为{after}。", {"before": "2.6 t/(人·年)", "after": "−0.1 K"}, "由 2.6 t/(人·年) 变为 −0.1 K。"),
        ("说明书第{chapter}章，表{table}注", {"chapter": "3", "table": "4.1"}, "说明书第3章，表4.1注"),
        ("{measure}{amount}", {"measure": "行道树", "amount": "1,811 株"}, "行道树 1,811 株"),
        ("{layer} {row}：无", {"layer": "建筑", "row": "社区"}, "建筑 社区：无"),
        ("在 {name} 中，“{code}”", {"name": "“现状”", "code": "far"}, "在“现状”中，“far”"),
        ("写作 {{x}} 或{name}", {"name": "y"}, "写作 {x} 或 y"),
    ],
)  # fmt: skip
def test_a_value_stands_apart_where_it_is_a_number(sentence: str, values: dict[str, str], said: str) -> None:
    assert filled(sentence, values) == said


def test_english_is_left_as_it_is() -> None:
    assert say("measures.chosen", "en", budget="CNY 1", cost="CNY 2", build="CNY 3").startswith(
        "Within the budget of CNY 1,"
    )
    assert say("measures.chosen", "zh", budget="1 元", cost="2 元", build="3 元").startswith("在 1 元预算内，")
