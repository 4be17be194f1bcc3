"""A build backend for the scripts' tests: one program, made of the standard library alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

NAME = "medsched-0.1.0-py3-none-any.whl"
FILES = {
    "stand_in.py": "def main():\n    print('the real one')\n",
    "medsched-0.1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: medsched\nVersion: 0.1.0\n",
    "medsched-0.1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
    "Tag: py3-none-any\n",
    "medsched-0.1.0.dist-info/entry_points.txt": "[console_scripts]\nmedsched = stand_in:main\n",
    "medsched-0.1.0.dist-info/RECORD": "",
}


def build_editable(
    wheel_directory: str, config_settings: object = None, metadata_directory: object = None
) -> str:
    """Write the wheel and return its name, as PEP 660 asks."""
    with zipfile.ZipFile(Path(wheel_directory) / NAME, "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
    return NAME
