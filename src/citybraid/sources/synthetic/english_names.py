"""English forms of the made-up names of synthetic places: their sounds, and the English word for what they are."""

from collections.abc import Iterable
from types import MappingProxyType

HEADER = "英文名称"
"""Header of the column of English names."""
SPOKEN = (
    ("虚幻拟假舟湾桥山荷塔泽港桑湖浜堤苇学塘渡",
     "xu huan ni jia zhou wan qiao shan he ta ze gang sang hu bang di wei xue tang du"),
    ("藕菱蚕南帆麦棉丝稻工站云城北田乡厂匠园里",
     "ou ling can nan fan mai mian si dao gong zhan yun cheng bei tian xiang chang jiang yuan li"),
    ("炉轮齿电汽村圩前滨海隧口中横林边控嘉善青浦吴江",
     "lu lun chi dian qi cun wei qian bin hai sui kou zhong heng lin bian kong jia shan qing pu wu jiang"),
)  # fmt: skip
SOUNDS = MappingProxyType(
    {sign: sound for signs, sounds in SPOKEN for sign, sound in zip(signs, sounds.split(), strict=True)}
)
KINDS = (
    ("社区", "Community"), ("快速路", "Expressway"), ("北路", "North Road"), ("大道", "Avenue"), ("路", "Road"),
    ("街", "Street"), ("弄", "Lane"), ("厂", "Works"),
    ("虚区", "Xu District"), ("虚片", "Xu Quarter"), ("虚镇", "Xu Town"),
)  # fmt: skip
SIDES = MappingProxyType(
    {"西南": "southwestern", "东南": "southeastern", "西北": "northwestern", "东北": "northeastern"}
)
PARTS = MappingProxyType({"片": "quarter", "组": "group"})
SECTION, MADE_UP, MARK, MARK_ENGLISH = "段", "虚构", "（合成）", " (synthetic)"


def english_names(names: Iterable[str]) -> list[str]:
    """Return the English form of each name; raises KeyError for a character without a sound here."""
    return [english_name(name) for name in names]


def english_name(name: str) -> str:
    """Return the English form of a made-up name: 虚舟路 as Xuzhou Road, 虚区1（合成） as Xu District 1 (synthetic)."""
    if name.endswith(MARK):
        return english_name(name.removesuffix(MARK)) + MARK_ENGLISH
    if name.startswith(MADE_UP):
        side, part = name.removeprefix(MADE_UP)[:-1], name[-1]
        return f"Fictional {SIDES[side]} {PARTS[part]}"
    whole = name.removesuffix(SECTION)
    bare = whole.rstrip("0123456789")
    number = whole.removeprefix(bare)
    number = f", section {number}" if whole != name else f" {number}" if number else ""
    kind, word = next(((kind, word) for kind, word in KINDS if bare.endswith(kind)), ("", ""))
    sounds = "".join(SOUNDS[sign] for sign in bare.removesuffix(kind)).capitalize()
    return f"{sounds} {word}{number}".strip()
