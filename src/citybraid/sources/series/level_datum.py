"""The height of reference that the name of a column of levels states: levels and ground must share one."""

import re

from citybraid.core.finding import Finding

WORDS = (
    r"(?:19)?85\s*国家(?:高程)?(?:基准)?", r"国家\s*(?:19)?85\s*(?:高程)?(?:基准)?", r"(?:19)?85\s*(?:高程)?基准",
    r"(?:19)?56\s*(?:年)?\s*黄海(?:高程)?(?:基准|系)?", r"黄海(?:高程|基面|基准|平均海面)?",
    r"(?:镇江|上海|佘山)?吴淞(?:高程|基面|零点|基准|口)?", r"珠江(?:高程|基面|基准)", r"珠基",
    r"大沽(?:高程|零点|基面)?", r"废黄河(?:零点|基面|高程)?", r"假定(?:高程|基面|基准)",
    r"(?:当地)?理论(?:最低潮面|深度基准面?)", r"(?:当地)?平均海平?面",
    r"chart\s*datum", r"wusong(?:\s*datum)?", r"navd\s*88", r"mean\s*sea\s*level", r"\bmsl\b", r"\bodn\b",
    r"\blat\b",
)  # fmt: skip
"""How heights of reference are named in headers and titles."""
DATUM = re.compile("|".join(WORDS), re.IGNORECASE)
PLAIN = re.compile(r"^(?:19)?85|国家|(?:19)?85$")
"""The national datum of today, in which terrain is given as a rule: it is told no one."""
BESIDE = re.compile(r"^[\s,，;；、:：/\-]+|[\s,，;；、:：/\-]+$")


def without_datum(unit: str) -> str:
    """Return a unit without the height of reference beside it: 'm，吴淞高程' is 'm'."""
    return BESIDE.sub("", DATUM.sub("", unit)).strip()


def datum_findings(texts: tuple[str, ...], *, layer: str, header: str, name: str) -> tuple[Finding, ...]:
    """Return what is told where a header or a title names a height of reference other than that of the nation today."""
    named = [hit[0].strip() for text in texts for hit in DATUM.finditer(text)]
    other = next((each for each in named if not PLAIN.search(each)), "")
    if not other:
        return ()
    return (Finding("warning", "intake.level_datum", layer, values={"name": name, "header": header, "datum": other}),)
