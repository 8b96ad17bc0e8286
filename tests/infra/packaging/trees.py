"""A small program to package."""

import importlib.metadata
from pathlib import Path

from components.packaging.archive import Packager
from components.packaging.target import Target
from tests.infra.packaging.archives import HERE

TREE = {
    "shop/__init__.py": "",
    "shop/entry.py": "from shop import cart\nfrom shop.prices import total\n\nhandler = lambda *_: total(cart.ITEMS)\n",
    "shop/cart.py": "from . import lines\n\nITEMS = lines.LINES\n",
    "shop/lines.py": "LINES = [1, 2]\n",
    "shop/prices/__init__.py": "from shop.prices.sums import total\n",
    "shop/prices/sums.py": "def total(items):\n    import shop.late\n\n    return shop.late.PLUS + sum(items)\n",
    "shop/prices/table.csv": "a,b\n",
    "shop/prices/notes.md": "notes\n",
    "shop/late.py": "PLUS = 0\n",
    "shop/unused.py": "import boto3\n",
    "shop/storage/__init__.py": "",
    "shop/storage/table.py": "import boto3\n",
    "schemas/shop/cart.json": "{}",
    "schemas/other.json": "{}",
}


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def pin_installed(root: Path) -> None:
    """Write the requirements of a program that uses what is installed here."""
    installed = {each.name: each.version for each in importlib.metadata.distributions()}
    write(root, "requirements.txt", "".join(f"{name}=={version}\n" for name, version in installed.items()))


def build(
    root: Path,
    module: str = "shop.entry",
    data: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    target: Target = HERE,
) -> Path:
    """Build an archive. A program without requirements uses what is installed here."""
    if not (root / "requirements.txt").exists():
        pin_installed(root)
    return Packager(root, target, cache=root.parent / f"{root.name}-cache").build(module, data, also)
