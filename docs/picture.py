"""The READMEs' picture: four maps of a report, side by side.

python docs/picture.py demo/runs/001/report
"""

import sys
from pathlib import Path

from PIL import Image

MAPS = ("land_use_as_is", "max_depth_p50_as_is", "air_temperature_as_is", "habitat_quality_as_is")
WIDTH = 800
COLOURS = 256
IMAGES = Path(__file__).parent / "images"


def picture(maps: Path) -> Image.Image:
    """Return the four maps of a folder in two rows, in few colours."""
    shown = [Image.open(maps / f"{name}.png").convert("RGB") for name in MAPS]
    height = round(shown[0].height * WIDTH / shown[0].width)
    sheet = Image.new("RGB", (2 * WIDTH, 2 * height), "white")
    for place, one in enumerate(shown):
        row, column = divmod(place, 2)
        sheet.paste(one.resize((WIDTH, height), Image.Resampling.LANCZOS), (column * WIDTH, row * height))
    return sheet.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, kmeans=1, dither=Image.Dither.NONE)


def main(report: Path) -> None:
    """Write the picture in both languages."""
    IMAGES.mkdir(exist_ok=True)
    for language, name in (("en", "demo.png"), ("zh", "demo.zh.png")):
        picture(report / "maps" / language).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
