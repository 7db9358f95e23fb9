"""Makes the archive that runs from any folder, without being installed."""

import shutil
import tarfile
from pathlib import Path
from platform import machine
from typing import Final

from installer.linux import libraries

_READ_ME: Final = """\
実印 Jitsuin {version}

起動：jitsuin（ファイルマネージャーでダブルクリックするか、端末で ./jitsuin）
ファイルマネージャーのメニューに入れる：./jitsuin integrate　　元に戻す：./jitsuin integrate --remove
消す：このフォルダーを削除します。

To start: jitsuin (by a double click in the file manager, or ./jitsuin in a terminal)
To put it into the menus of the file managers: ./jitsuin integrate    To take it out: ./jitsuin integrate --remove
To remove it: delete this folder.

GNU C library {c_library} or newer, and what desktops have anyway; by the names of Debian:
{packages}
Card readers need pcscd. Licences: _internal/licences, LICENSE.
"""


def build(folder: Path, into: Path, *, version: str) -> Path:
    """The archive, made from a copy of `folder`."""
    name = f"jitsuin-{version}-linux-{machine()}"
    tree = into / name
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree, symlinks=True)
    packages = libraries.keep_brought(tree)
    shutil.copyfile(tree / "_internal" / "LICENSE", tree / "LICENSE")
    text = _READ_ME.format(version=version, c_library=libraries.c_library(tree), packages=" ".join(packages))
    (tree / "README.txt").write_text(text, encoding="utf-8")
    archive = into / f"{name}.tar.xz"
    with tarfile.open(archive, "w:xz", preset=6) as tar:
        tar.add(tree, name, filter=_of_nobody)
    shutil.rmtree(tree)
    return archive


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member
